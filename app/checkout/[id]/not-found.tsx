import { Message } from '#components/checkout/message.tsx';

/** The same for an unknown id and a wrong secret: whoever guesses learns nothing. */
export default function NoSuchCheckout() {
  return (
    <Message title="There is no checkout here">
      Nothing is charged by opening it. The link may be cut short: open it again from the shop, or start there anew.
    </Message>
  );
}
