import type { FileRow, Matching } from '#server/reconciliation/questions/view.ts';
import { Badge } from '../../ui/badge.tsx';
import { cellsOf, ListRow, ListSkeleton, ListTable, RowLink } from './list-table.tsx';
import { percent } from './plot-scale.ts';
import { fileTones, fileWords } from './reconciliation-words.ts';
import { SignedAmount } from './signed-amount.tsx';

const columns = [
  { title: 'What is wrong', className: 'w-36 pl-0' },
  { title: 'Day', className: 'w-40' },
  { title: 'State', className: 'hidden w-28 sm:table-cell' },
  { title: 'Lines', className: 'hidden w-20 text-right md:table-cell' },
  { title: 'Matched', className: 'w-20 text-right' },
  { title: 'Theirs', className: 'hidden w-28 text-right lg:table-cell' },
  { title: 'Ours', className: 'hidden w-28 text-right lg:table-cell' },
  { title: 'File', className: 'hidden pr-0 xl:table-cell' },
] as const;

/** Files, the latest taken in first. */
export function FilesTable({ rows }: { rows: FileRow[] }) {
  return (
    <ListTable caption="Settlement files, the latest first" columns={columns}>
      {rows.map((row) => (
        <Row key={row.id} row={row} />
      ))}
    </ListTable>
  );
}

export function FilesSkeleton() {
  return <ListSkeleton says="Loading files" columns={columns} />;
}

function Row({ row }: { row: FileRow }) {
  const [wrong, day, state, lines, matched, theirs, ours, file] = cellsOf(columns);
  const { counts, totals } = row;
  return (
    <ListRow>
      <td className={wrong}>
        <Wrong row={row} />
      </td>
      <td className={`whitespace-nowrap ${day}`}>
        <RowLink href={`/admin/reconciliation/files/${row.id}`}>
          {row.provider} <span className="font-normal text-ink-muted">{row.day}</span>
        </RowLink>
      </td>
      <td className={state}>
        <Badge tone={fileTones[row.status]}>{fileWords[row.status]}</Badge>
      </td>
      <td className={`tabular-nums ${lines}`}>{counts ? counts.lines.toLocaleString('en') : '–'}</td>
      <td className={`tabular-nums ${matched}`}>{shareInWords(counts?.matching ?? null)}</td>
      <td className={theirs}>
        <Sums totals={totals} of="theirs" />
      </td>
      <td className={ours}>
        <Sums totals={totals} of="ours" />
      </td>
      <td className={`max-w-0 truncate text-ink-muted ${file}`}>{row.name}</td>
    </ListRow>
  );
}

/** What somebody has to look at, first. */
function Wrong({ row: { open, counts } }: { row: FileRow }) {
  const unread = counts?.quarantined ?? 0;
  return (
    <span className="flex flex-wrap gap-1 py-1 empty:hidden">
      {open > 0 && <Badge tone="warn">{open.toLocaleString('en')} open</Badge>}
      {unread > 0 && <Badge tone="bad">{unread.toLocaleString('en')} unread</Badge>}
    </span>
  );
}

export function shareInWords(matching: Matching | null): string {
  return matching && matching.toMatch > 0 ? percent(matching.matched / matching.toMatch) : '–';
}

function Sums({ totals, of }: { totals: FileRow['totals']; of: 'theirs' | 'ours' }) {
  if (totals.length === 0) return <span className="text-ink-muted">–</span>;
  return (
    <span className="grid py-1">
      {totals.map((one) => (
        <SignedAmount key={one.currency} value={one[of]} currency={one.currency} />
      ))}
    </span>
  );
}
