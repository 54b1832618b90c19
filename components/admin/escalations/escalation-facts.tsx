import Link from 'next/link';
import type { ShownEscalation } from '#server/trpc/escalation-view.ts';
import { CopyId } from '../../ui/copy-id.tsx';
import { shorten } from '../../ui/shorten.ts';
import { exact } from '../../ui/time.ts';
import { words } from '../../ui/words.ts';
import { Fact, FactList } from '../fact.tsx';
import { kindWords } from './escalation-words.ts';

/** What it is about. */
export function EscalationFacts({ escalation }: { escalation: ShownEscalation }) {
  const { kind, paymentId, operationId, operationKind, provider, openedAt, closed } = escalation;
  return (
    <FactList title="Details">
      <Fact name="What is wrong">{kindWords[kind]}</Fact>
      <Fact name="Payment">
        <Link
          href={`/admin/payments/${paymentId}`}
          className="rounded-sm font-mono text-12 underline underline-offset-2"
        >
          {shorten(paymentId)}
        </Link>
      </Fact>
      {operationKind && <Fact name="Operation">{words(operationKind)}</Fact>}
      {operationId && (
        <Fact name="Operation id">
          <CopyId id={operationId} />
        </Fact>
      )}
      {provider && <Fact name="Provider">{provider}</Fact>}
      <Fact name="Waits since">{exact(openedAt)}</Fact>
      {closed && <Fact name="Closed">{exact(closed.at)}</Fact>}
    </FactList>
  );
}
