import type { AtRisk } from '#server/trpc/escalation-view.ts';
import { Amount } from '../../ui/amount.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';

/** What all of it comes to, currency by currency, and since when the oldest waits. */
export function AtRiskTotal({ sums, open, oldest }: { sums: AtRisk[]; open: number; oldest: Date | undefined }) {
  return (
    <section aria-label="Money at risk" className="mb-6 grid gap-1">
      <h2 className="text-13 text-ink-muted">Money at risk</h2>
      <p className="flex flex-wrap gap-x-6 gap-y-1 text-28 font-semibold">
        {sums.map(({ currency, amount }) => (
          <Amount key={currency} value={amount} currency={currency} />
        ))}
      </p>
      <p className="text-13 text-ink-muted">
        {open === 1 ? 'One case waits' : `${open} cases wait`} for a person
        {oldest && (
          <>
            , the oldest since <RelativeTime at={oldest} />
          </>
        )}
        .
      </p>
    </section>
  );
}
