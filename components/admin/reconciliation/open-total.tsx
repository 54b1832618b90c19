import type { Currency } from '#server/kernel/money.ts';
import { Amount } from '../../ui/amount.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';

export interface OpenSum {
  currency: Currency;
  count: number;
  amount: bigint;
  oldest: Date;
}

/** What the two sides are apart by, currency by currency, and since when the oldest waits. */
export function OpenTotal({ sums }: { sums: OpenSum[] }) {
  const count = sums.reduce((sum, one) => sum + one.count, 0);
  const oldest = sums.map((one) => one.oldest).sort((a, b) => a.getTime() - b.getTime())[0];
  if (!oldest) return null;
  return (
    <section aria-label="Open differences" className="mb-6 grid gap-1">
      <h2 className="text-13 text-ink-muted">The books differ by</h2>
      <p className="flex flex-wrap gap-x-6 gap-y-1 text-28 font-semibold">
        {sums.map(({ currency, amount }) => (
          <Amount key={currency} value={amount} currency={currency} />
        ))}
      </p>
      <p className="text-13 text-ink-muted">
        {count === 1 ? 'One difference is' : `${count.toLocaleString('en')} differences are`} open, the oldest since{' '}
        <RelativeTime at={oldest} />.
      </p>
    </section>
  );
}
