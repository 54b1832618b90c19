import Link from 'next/link';
import type { ShownEscalation } from '#server/trpc/escalation-view.ts';
import { Amount } from '../../ui/amount.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { kindWords } from '../escalations/escalation-words.ts';
import { Note } from './waiting-note.tsx';

/** Leads from a payment to what a person has to look after. */
export function EscalationNote({ escalation }: { escalation: ShownEscalation }) {
  const { id, kind, atRisk, currency, openedAt, status } = escalation;
  return (
    <Note tone="warn">
      {kindWords[kind]}: <Amount value={atRisk} currency={currency} className="font-medium" /> at risk since{' '}
      <RelativeTime at={openedAt} />.{' '}
      <Link href={`/admin/escalations/${id}`} className="rounded-sm font-medium underline underline-offset-2">
        {status === 'proposed' ? 'A second person has to confirm' : 'Somebody has to look'}
      </Link>
    </Note>
  );
}
