import type { ReactNode } from 'react';
import type { EscalationCan, ShownEscalation } from '#server/trpc/escalation-view.ts';
import { CopyId } from '../../ui/copy-id.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { findingWords } from './escalation-words.ts';
import { FindingForm } from './finding-form.tsx';
import { ProposalActs } from './proposal.tsx';

/** How it ends: found by one person, confirmed by another; or by the provider's own answer. */
export function Closing({ escalation, can }: { escalation: ShownEscalation; can: EscalationCan }) {
  const { status, closed, proposal } = escalation;
  return (
    <section className="grid content-start gap-4 self-start rounded-card border p-5">
      {status === 'open' && <h2 className="text-14 font-semibold">Close it</h2>}
      {proposal && <Found escalation={escalation} />}
      {closed && <Closed closed={closed} />}
      {status === 'proposed' && <ProposalActs escalation={escalation} can={can} />}
      {status === 'open' && (can.propose ? <FindingForm escalation={escalation} /> : <OnlyLooking />)}
    </section>
  );
}

function Found({ escalation }: { escalation: ShownEscalation }) {
  const { proposal } = escalation;
  if (!proposal) return null;
  return (
    <div className="grid gap-2">
      <h2 className="text-14 font-semibold">{findingWords(escalation)[proposal.finding]?.says}</h2>
      <blockquote className="border-l-2 pl-3 text-14 break-words whitespace-pre-wrap">{proposal.reason}</blockquote>
      <Muted>
        Found by {proposal.by} <RelativeTime at={proposal.at} />
        {proposal.providerRef && (
          <>
            , as <CopyId id={proposal.providerRef} /> there
          </>
        )}
      </Muted>
    </div>
  );
}

function Closed({ closed }: { closed: NonNullable<ShownEscalation['closed']> }) {
  return (
    <Muted>
      {closed.how === 'answered' ? (
        <>
          The provider’s own answer came <RelativeTime at={closed.at} />: nobody had to decide.
        </>
      ) : (
        <>
          Confirmed and closed by {closed.by} <RelativeTime at={closed.at} />
        </>
      )}
    </Muted>
  );
}

function OnlyLooking() {
  return (
    <Muted>You may look at this. To close it takes an owner or somebody from finance, and a second one of them.</Muted>
  );
}

function Muted({ children }: { children: ReactNode }) {
  return <p className="text-13 text-ink-muted">{children}</p>;
}
