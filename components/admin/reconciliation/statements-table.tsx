import type { BankLineRow, StatementRow } from '#server/reconciliation/questions/view.ts';
import { Badge } from '../../ui/badge.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { cellsOf, ListRow, ListTable, RowLink } from './list-table.tsx';
import { SignedAmount } from './signed-amount.tsx';

const columns = [
  { title: 'Statement', className: 'pl-0' },
  { title: 'Format', className: 'hidden w-24 sm:table-cell' },
  { title: 'Entries', className: 'w-20 text-right' },
  { title: 'Payouts', className: 'w-20 text-right' },
  { title: 'Taken in', className: 'w-24 pr-0 text-right text-ink-muted' },
] as const;

const formats = { csv: 'CSV', camt: 'camt.053' } as const;

/** What the bank says, the latest first. */
export function StatementsTable({ rows }: { rows: StatementRow[] }) {
  const [name, format, entries, payouts, received] = cellsOf(columns);
  return (
    <ListTable caption="Bank statements, the latest first" columns={columns}>
      {rows.map((row) => (
        <ListRow key={row.id}>
          <td className={`max-w-0 truncate ${name}`}>
            <RowLink href={`/admin/reconciliation/statements/${row.id}`}>{row.name}</RowLink>
          </td>
          <td className={format}>{formats[row.format]}</td>
          <td className={`tabular-nums ${entries}`}>{row.lines.toLocaleString('en')}</td>
          <td className={`tabular-nums ${payouts}`}>{row.matchedAt ? row.matched.toLocaleString('en') : '–'}</td>
          <td className={received}>
            <RelativeTime at={row.receivedAt} />
          </td>
        </ListRow>
      ))}
    </ListTable>
  );
}

export function StatementsEmpty({ mayUpload }: { mayUpload: boolean }) {
  return (
    <EmptyState title="No bank statement yet">
      What providers say that they paid out is looked for in the bank’s statements
      {mayUpload ? ': upload one above, as camt.053 or CSV.' : '. An owner or somebody from finance uploads them.'}
    </EmptyState>
  );
}

const entryColumns = [
  { title: 'Entry', className: 'w-16 pl-0' },
  { title: 'Booked on', className: 'w-28' },
  { title: 'Amount', className: 'w-28 text-right' },
  { title: 'Written with it', className: 'hidden md:table-cell' },
  { title: 'Payout', className: 'pr-0' },
] as const;

/** A statement's entries in its order, each with the payout that it is. */
export function EntriesTable({ rows }: { rows: BankLineRow[] }) {
  const [line, day, amount, remittance, payout] = cellsOf(entryColumns);
  return (
    <ListTable caption="Entries of the statement" columns={entryColumns}>
      {rows.map((row) => (
        <ListRow key={row.line}>
          <td className={`tabular-nums ${line}`}>{row.line}</td>
          <td className={`tabular-nums ${day}`}>{row.bookedOn}</td>
          <td className={amount}>
            <SignedAmount value={row.amount} currency={row.currency} />
          </td>
          <td className={`max-w-0 truncate text-ink-muted ${remittance}`}>{row.remittance}</td>
          <td className={payout}>
            {row.payout ? (
              <RowLink href={`/admin/reconciliation/files/${row.payout.fileId}/${row.payout.line}`}>
                <Badge tone="ok">Line {row.payout.line}</Badge>
              </RowLink>
            ) : (
              <span className="text-ink-muted">none found</span>
            )}
          </td>
        </ListRow>
      ))}
    </ListTable>
  );
}
