import type { ReactNode } from 'react';
import type { DifferenceCan, ShownDifference } from '#server/trpc/reconciliation-view.ts';
import { CopyId } from '../../ui/copy-id.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { EndForm } from './end-form.tsx';
import { ProposalActs } from './proposal-acts.tsx';
import { endWords } from './reconciliation-words.ts';

/** How it ends: explained by one person, or written off or matched by two; or by itself. */
export function Ending({ difference, can }: { difference: ShownDifference; can: DifferenceCan }) {
  const { end, proposal } = difference;
  return (
    <section aria-label="How it ends" className="grid content-start gap-4 self-start rounded-card border p-5">
      {proposal && <Proposed proposal={proposal} />}
      {end && <Ended end={end} />}
      {!end && proposal && <ProposalActs difference={difference} can={can} />}
      {!end && !proposal && (
        <>
          <h2 className="text-14 font-semibold">End it</h2>
          {can.resolve ? <EndForm difference={difference} can={can} /> : <OnlyLooking />}
        </>
      )}
    </section>
  );
}

function Proposed({ proposal }: { proposal: NonNullable<ShownDifference['proposal']> }) {
  return (
    <div className="grid gap-2">
      <h2 className="text-14 font-semibold">{proposal.to === 'written_off' ? 'Write it off' : 'Match it by hand'}</h2>
      <blockquote className="border-l-2 pl-3 text-14 break-words whitespace-pre-wrap">{proposal.reason}</blockquote>
      <Muted>
        Proposed by {proposal.by} <RelativeTime at={proposal.at} />
        {proposal.operationId && (
          <>
            , with operation <CopyId id={proposal.operationId} />
          </>
        )}
      </Muted>
    </div>
  );
}

function Ended({ end }: { end: NonNullable<ShownDifference['end']> }) {
  return (
    <div className="grid gap-2">
      <h2 className="text-14 font-semibold">{endWords[end.how]}</h2>
      {end.reason && (
        <blockquote className="border-l-2 pl-3 text-14 break-words whitespace-pre-wrap">{end.reason}</blockquote>
      )}
      <Muted>
        {end.by ? `By ${end.by} ` : 'By itself, '}
        <RelativeTime at={end.at} />
      </Muted>
    </div>
  );
}

function OnlyLooking() {
  return <Muted>You may look at this. To end it takes an owner or somebody from finance.</Muted>;
}

function Muted({ children }: { children: ReactNode }) {
  return <p className="text-13 text-ink-muted">{children}</p>;
}
