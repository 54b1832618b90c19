import type { ShownDifference } from '#server/trpc/reconciliation-view.ts';
import { Badge } from '../../ui/badge.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { apart } from './apart.ts';
import { Breadcrumb } from './breadcrumb.tsx';
import { causeInWords, endWords, kindWords, whatDiffers } from './reconciliation-words.ts';
import { SignedAmount, signed } from './signed-amount.tsx';

/** The amount, large, what differs in a sentence, and the likely cause. */
export function DifferenceHead({ difference }: { difference: ShownDifference }) {
  const { kind, currency, ours, theirs, cause, end, proposed, openedAt } = difference;
  const inWords = (amount: bigint | null) => (amount === null ? 'nothing' : signed(amount, currency));
  return (
    <header className="mb-8 grid gap-4">
      <Breadcrumb
        steps={[
          ['Reconciliation', '/admin/reconciliation'],
          ['Differences', '/admin/reconciliation/differences'],
        ]}
        here={kindWords[kind]}
      />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <h1 className="text-28 font-semibold">
          <SignedAmount value={apart(difference)} currency={currency} />
        </h1>
        <Badge tone={end ? 'muted' : proposed ? 'wait' : 'warn'} size="lg">
          {end ? endWords[end.how] : proposed ? 'Waits for a second person' : kindWords[kind]}
        </Badge>
      </div>
      <p className="max-w-170 text-14">
        {whatDiffers(difference, inWords(ours), inWords(theirs))} {causeInWords(cause)}
      </p>
      <p className="text-13 text-ink-muted">
        Found <RelativeTime at={openedAt} />
        {difference.assignedTo ? `, with ${difference.assignedTo}` : ', with nobody'}.
      </p>
    </header>
  );
}
