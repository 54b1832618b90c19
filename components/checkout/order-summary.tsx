import type { LineItemView } from '#server/checkout/view.ts';
import type { Currency } from '#server/kernel/money.ts';
import { Amount } from '../ui/amount.tsx';
import { Sign } from '../ui/sign.tsx';

interface OrderSummaryProps {
  merchant: string;
  amount: bigint;
  currency: Currency;
  lineItems: LineItemView[];
  cancelUrl: string | null;
}

/** What is paid for, and to whom: whole on wide screens, folded into a line with the total on narrow ones. */
export function OrderSummary({ merchant, amount, currency, lineItems, cancelUrl }: OrderSummaryProps) {
  return (
    <div className="grid gap-3 min-[900px]:gap-8">
      <p className="flex min-h-8 items-center gap-2.5 font-semibold">
        {cancelUrl ? (
          <a href={cancelUrl} className="group -m-1 flex min-h-10 items-center gap-2.5 rounded-control p-1">
            <Sign of="back" size={18} className="text-ink-muted group-hover:text-ink" />
            <Initial of={merchant} />
            <span className="sr-only">Back to </span>
            {merchant}
          </a>
        ) : (
          <>
            <Initial of={merchant} />
            {merchant}
          </>
        )}
      </p>
      <div className="max-[899px]:sr-only">
        <h1 className="text-ink-muted">
          <span className="sr-only">Your order from {merchant}: </span>
          Order total
        </h1>
        <Amount value={amount} currency={currency} className="text-28 font-semibold" />
      </div>
      <details className="group min-[900px]:hidden">
        <summary className="-mx-2 flex min-h-11 list-none items-center justify-between gap-3 rounded-control px-2 hover:bg-ink/5 [&::-webkit-details-marker]:hidden">
          <span className="flex items-center gap-1.5 text-ink-muted">
            {count(lineItems)}
            <Sign of="more" size={16} className="transition-transform group-open:rotate-180" />
          </span>
          <Amount value={amount} currency={currency} className="text-20 font-semibold" />
        </summary>
        <Lines {...{ amount, currency, lineItems }} />
      </details>
      <div className="hidden min-[900px]:block">
        <Lines {...{ amount, currency, lineItems }} />
      </div>
    </div>
  );
}

function Lines({ amount, currency, lineItems }: Pick<OrderSummaryProps, 'amount' | 'currency' | 'lineItems'>) {
  return (
    <>
      <ul className="grid gap-4 py-4">
        {lineItems.map((item) => (
          <li key={item.id} className="flex justify-between gap-6">
            <span className="min-w-0 break-words">
              <span className="font-medium">{item.name}</span>
              {item.description && <span className="block text-13 text-ink-muted">{item.description}</span>}
              {item.quantity > 1 && (
                <span className="block text-13 text-ink-muted">
                  {item.quantity} × <Amount value={item.unitAmount} currency={currency} />
                </span>
              )}
            </span>
            <Amount value={item.amount} currency={currency} />
          </li>
        ))}
      </ul>
      <p className="flex justify-between gap-6 border-t pt-4 font-semibold">
        <span>Total</span>
        <Amount value={amount} currency={currency} />
      </p>
    </>
  );
}

function count(lineItems: LineItemView[]): string {
  const pieces = lineItems.reduce((sum, { quantity }) => sum + quantity, 0);
  return pieces === 1 ? 'Your order, 1 item' : `Your order, ${pieces} items`;
}

/** Stands in for a logo. */
function Initial({ of }: { of: string }) {
  return (
    <span
      aria-hidden="true"
      className="grid size-8 shrink-0 place-items-center rounded-full border border-line-strong bg-surface text-14 font-semibold"
    >
      {of.charAt(0).toUpperCase()}
    </span>
  );
}
