import Link from 'next/link';
import type { ShownParked } from '#server/trpc/events.ts';
import { Badge } from '../../ui/badge.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { words } from '../../ui/words.ts';
import { parkedTones, parkedWords } from './event-words.ts';
import { RetryEventButton } from './retry-event-button.tsx';

/** What consumers went on without, newest first: why, and what can be done. */
export function ParkedList({ rows, mayRetry }: { rows: ShownParked[]; mayRetry: boolean }) {
  return (
    <ul aria-label="Put aside" className="border-t">
      {rows.map((row) => (
        <Row key={`${row.consumer} ${row.id}`} row={row} mayRetry={mayRetry} />
      ))}
    </ul>
  );
}

function Row({ row, mayRetry }: { row: ShownParked; mayRetry: boolean }) {
  return (
    <li className="grid gap-x-4 gap-y-2 border-b py-3 sm:grid-cols-[144px_minmax(0,1fr)_auto]">
      <div>
        <Badge tone={parkedTones[row.why]}>{parkedWords[row.why]}</Badge>
      </div>
      <div className="min-w-0">
        <p className="text-14">
          <Link href={`/admin/payments/${row.payment}`} className="rounded-sm font-medium hover:underline">
            {words(row.trigger)}
          </Link>{' '}
          <span className="text-ink-muted">for {words(row.consumer).toLowerCase()}</span>
        </p>
        <p className="mt-0.5 flex flex-wrap gap-x-2 text-12 text-ink-muted">
          <span>
            Event {row.seq} of its payment, <RelativeTime at={row.at} />
          </span>
          <Trying row={row} />
        </p>
        {row.error && <p className="mt-1 text-13 break-words text-bad">{row.error}</p>}
      </div>
      {row.why !== 'behind' && mayRetry && (
        <div>
          <RetryEventButton consumer={row.consumer} id={row.id} what={words(row.trigger)} />
        </div>
      )}
    </li>
  );
}

function Trying({ row: { why, tries } }: { row: ShownParked }) {
  if (why === 'behind') return <span>An earlier event of this payment comes first</span>;
  return <span>{tries === 1 ? 'Tried once' : `Tried ${tries} times`}</span>;
}
