import type { ShownLineRow } from '#server/trpc/reconciliation-view.ts';
import { Badge } from '../../ui/badge.tsx';
import { shorten } from '../../ui/shorten.ts';
import { cellsOf, ListRow, ListTable, RowLink } from './list-table.tsx';
import { kindWords, lineWords } from './reconciliation-words.ts';
import { SignedAmount } from './signed-amount.tsx';

const columns = [
  { title: 'Line', className: 'w-10 pl-0 sm:w-16' },
  { title: 'Kind', className: 'w-20 sm:w-32' },
  { title: 'Amount', className: 'w-20 text-right sm:w-24' },
  { title: 'Fee', className: 'hidden w-20 text-right md:table-cell' },
  { title: 'Net', className: 'hidden w-24 text-right lg:table-cell' },
  { title: 'Payment', className: 'hidden w-36 xl:table-cell' },
  { title: 'Matched', className: 'pr-0' },
] as const;

/** Lines of a file in its order. */
export function LinesTable({ rows }: { rows: ShownLineRow[] }) {
  return (
    <ListTable caption="Lines of the file" columns={columns}>
      {rows.map((row) => (
        <Row key={row.line} row={row} />
      ))}
    </ListTable>
  );
}

function Row({ row }: { row: ShownLineRow }) {
  const [line, kind, amount, fee, net, payment, matched] = cellsOf(columns);
  return (
    <ListRow>
      <td className={`tabular-nums ${line}`}>
        <RowLink href={`/admin/reconciliation/files/${row.fileId}/${row.line}`}>{row.line}</RowLink>
      </td>
      <td className={kind}>{lineWords[row.kind]}</td>
      <td className={amount}>
        <SignedAmount value={row.amount} currency={row.currency} />
      </td>
      <td className={`text-ink-muted ${fee}`}>
        <SignedAmount value={row.fee} currency={row.currency} />
      </td>
      <td className={net}>
        <SignedAmount value={row.net} currency={row.currency} />
      </td>
      <td className={`font-mono text-12 ${payment}`}>{row.paymentId && shorten(row.paymentId)}</td>
      <td className={matched}>
        <Standing row={row} />
      </td>
    </ListRow>
  );
}

/** What is wrong with a line, or how it was matched. */
export function Standing({
  row: { differences, rule, kind },
}: {
  row: Pick<ShownLineRow, 'differences' | 'rule' | 'kind'>;
}) {
  if (differences.length > 0) {
    return (
      <span className="flex flex-wrap gap-1 py-1">
        {differences.map((one) => (
          <Badge key={one} tone="warn">
            {kindWords[one]}
          </Badge>
        ))}
      </span>
    );
  }
  if (rule) return <Badge tone="ok">{rule === 'person' ? 'By hand' : 'Matched'}</Badge>;
  const alone = kind === 'capture' || kind === 'refund' ? 'Not yet' : 'Stands for itself';
  return <span className="text-ink-muted">{alone}</span>;
}
