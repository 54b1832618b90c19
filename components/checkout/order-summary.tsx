import { ChevronDown } from 'lucide-react';
import type { LineItemView } from '#server/checkout/view.ts';
import type { Currency } from '#server/kernel/money.ts';
import { Amount } from '../ui/amount.tsx';

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
    <div className="grid gap-4 min-[900px]:gap-8">
      <p className="flex min-h-8 items-center gap-2.5 font-semibold">
        <Initial of={merchant} />
        {cancelUrl ? (
          <a href={cancelUrl} className="rounded-sm hover:underline">
            <span className="sr-only">Back to </span>
            {merchant}
          </a>
        ) : (
          merchant
        )}
      </p>
      <div>
        <h1 className="text-14 text-ink-muted min-[900px]:text-16">Your order from {merchant}</h1>
        <Amount value={amount} currency={currency} className="text-28 font-semibold" />
      </div>
      <details className="group min-[900px]:hidden">
        <summary className="-mx-2 flex min-h-11 list-none items-center justify-between gap-3 rounded-control px-2 hover:bg-ink/5">
          <span className="flex items-center gap-1.5">
            {count(lineItems)}
            <ChevronDown size={16} aria-hidden="true" className="transition-transform group-open:rotate-180" />
          </span>
          <Amount value={amount} currency={currency} className="font-medium" />
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
  return pieces === 1 ? 'Show the order, 1 item' : `Show the order, ${pieces} items`;
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
