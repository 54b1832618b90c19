import type { ShownDifferenceRow } from '#server/trpc/reconciliation-view.ts';
import { Badge } from '../../ui/badge.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { shorten } from '../../ui/shorten.ts';
import { apart } from './apart.ts';
import { cellsOf, ListRow, ListSkeleton, ListTable, RowLink } from './list-table.tsx';
import { causeInWords, endWords, kindWords } from './reconciliation-words.ts';
import { SignedAmount } from './signed-amount.tsx';

const columns = [
  { title: 'What differs', className: 'w-32 pl-0' },
  { title: 'Amount', className: 'w-26 text-right' },
  { title: 'Likely cause', className: 'hidden md:table-cell' },
  { title: 'Provider', className: 'hidden w-20 lg:table-cell' },
  { title: 'Payment', className: 'hidden w-36 xl:table-cell' },
  { title: 'With', className: 'hidden w-28 lg:table-cell' },
  { title: 'Since', className: 'w-24 pr-0 text-right text-ink-muted' },
] as const;

/** The queue; a row opens with Enter or a click anywhere on it. */
export function DifferencesTable({ rows, ended }: { rows: ShownDifferenceRow[]; ended: boolean }) {
  const order = ended ? 'the latest first' : 'the oldest first';
  return (
    <ListTable caption={`Differences, ${order}`} columns={columns}>
      {rows.map((row) => (
        <Row key={row.id} row={row} />
      ))}
    </ListTable>
  );
}

export function DifferencesSkeleton() {
  return <ListSkeleton says="Loading differences" columns={columns} />;
}

function Row({ row }: { row: ShownDifferenceRow }) {
  const [wrong, amount, cause, provider, payment, assignee, since] = cellsOf(columns);
  return (
    <ListRow quiet={row.ended !== null}>
      <td className={wrong}>
        <RowLink href={`/admin/reconciliation/differences/${row.id}`}>{kindWords[row.kind]}</RowLink>
        <span className="block pb-1 empty:hidden">
          {row.ended ? (
            <Badge tone="muted">{endWords[row.ended]}</Badge>
          ) : (
            row.proposed && <Badge tone="wait">Proposed</Badge>
          )}
        </span>
      </td>
      <td className={amount}>
        <SignedAmount value={apart(row)} currency={row.currency} className="font-medium" />
      </td>
      <td className={`max-w-0 truncate text-ink-muted ${cause}`}>{causeInWords(row.cause)}</td>
      <td className={provider}>{row.provider}</td>
      <td className={`font-mono text-12 ${payment}`}>{row.paymentId && shorten(row.paymentId)}</td>
      <td className={`max-w-28 truncate ${assignee}`}>
        {row.assignedTo ?? <span className="text-ink-muted">nobody</span>}
      </td>
      <td className={since}>
        <RelativeTime at={row.openedAt} />
      </td>
    </ListRow>
  );
}
