import type { CardView } from '#server/payments/view.ts';

const names: Record<string, string> = {
  visa: 'Visa',
  mastercard: 'Mastercard',
  amex: 'American Express',
  discover: 'Discover',
  diners: 'Diners Club',
  jcb: 'JCB',
  unionpay: 'UnionPay',
};

export function brandName(brand: string): string {
  return names[brand] ?? 'Card';
}

/** "Visa ending 4242": what a sentence calls a card. */
export function cardInWords(card: CardView | null): string {
  return card ? `${brandName(card.brand)} ending ${card.last4}` : 'the card';
}

/** "Visa ••4242", and read as "Visa ending 4242". */
export function CardShort({ card }: { card: CardView }) {
  return (
    <span>
      {brandName(card.brand)} <span className="sr-only">ending </span>
      <span aria-hidden="true" className="text-ink-muted">
        ••
      </span>
      {card.last4}
    </span>
  );
}
