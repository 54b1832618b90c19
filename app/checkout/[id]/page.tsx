import type { Metadata } from 'next';
import { challengeOrigins } from '#app/security-headers.ts';
import { api, ask } from '#app/trpc-server.ts';
import { Checkout } from '#components/checkout/checkout.tsx';
import { Message } from '#components/checkout/message.tsx';
import { NoScript } from '#components/checkout/no-script.tsx';
import { OrderSummary } from '#components/checkout/order-summary.tsx';
import { Screen } from '#components/checkout/screen.tsx';
import { formatMoney } from '#server/kernel/money.ts';
import '../checkout.css';

export const metadata: Metadata = { title: 'Checkout' };

export default async function CheckoutPage({ params, searchParams }: PageProps<'/checkout/[id]'>) {
  const [{ id }, { returned }] = await Promise.all([params, searchParams]);
  const { merchantName, standing, ...order } = await ask((await api()).checkout.session({ session: id }));
  const { amount, currency, lineItems, cancelUrl, email, expiresAt, testMode } = order;
  // Nothing of a cart that fails its seal is shown, and none of its links is offered.
  if (standing.kind === 'unpayable') {
    return (
      <Message title="This order cannot be paid">You were not charged. Go back to the shop and start again.</Message>
    );
  }
  const back = standing.kind === 'paid' ? null : cancelUrl;
  return (
    <Screen
      testMode={testMode}
      summary={<OrderSummary merchant={merchantName} {...{ amount, currency, lineItems }} cancelUrl={back} />}
    >
      {standing.kind === 'open' && <NoScript />}
      <Checkout
        session={id}
        frameUrl={`${process.env.FLORIN_VAULT_PUBLIC_URL}/frame`}
        merchant={merchantName}
        amount={formatMoney({ amount, currency })}
        {...{ email, expiresAt, cancelUrl }}
        frames={challengeOrigins()}
        returned={returned !== undefined}
        initial={standing}
      />
    </Screen>
  );
}
