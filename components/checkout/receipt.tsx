import type { Standing } from '#server/checkout/view.ts';

const brandNames: Readonly<Record<string, string>> = {
  visa: 'Visa',
  mastercard: 'Mastercard',
  amex: 'American Express',
  discover: 'Discover',
  diners: 'Diners Club',
  jcb: 'JCB',
  unionpay: 'UnionPay',
};

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });

interface ReceiptProps {
  standing: Extract<Standing, { kind: 'paid' }>;
  merchant: string;
  amount: string;
}

/** What was paid, to whom, with what, and the number to ask about. */
export function Receipt({ standing: { card, reference, paidAt }, merchant, amount }: ReceiptProps) {
  const facts: [string, string][] = [
    ['Amount', amount],
    ['Paid to', merchant],
    ['Reference', reference],
    ...(card
      ? [['Card', `${brandNames[card.brand] ?? card.brand} ending ${card.last4}`] satisfies [string, string]]
      : []),
    ['Date', day.format(paidAt)],
  ];
  return (
    <dl className="my-3 w-full divide-y rounded-card border">
      {facts.map(([name, value]) => (
        <div key={name} className="flex justify-between gap-6 px-4 py-2.5 text-14">
          <dt className="text-ink-muted">{name}</dt>
          <dd className="min-w-0 break-words text-right font-medium">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
