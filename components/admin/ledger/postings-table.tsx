import type { ShownPosting } from '#server/trpc/ledger.ts';
import { exact } from '../../ui/time.ts';
import { words } from '../../ui/words.ts';
import { cellsOf, ListRow, ListTable, RowLink } from '../reconciliation/list-table.tsx';
import { SignedAmount } from '../reconciliation/signed-amount.tsx';
import { accountWords } from './account-words.ts';

const columns = [
  { title: 'What', className: 'pl-0' },
  { title: 'Cause', className: 'hidden w-40 lg:table-cell' },
  { title: 'Other account', className: 'hidden w-32 md:table-cell' },
  { title: 'Amount', className: 'w-28 text-right' },
  { title: 'When', className: 'hidden w-52 pr-0 text-right text-ink-muted sm:table-cell' },
] as const;

/** Postings of an account, newest first. A row leads to what caused it, lit on its payment's timeline. */
export function PostingsTable({ rows, account }: { rows: ShownPosting[]; account: string }) {
  return (
    <ListTable caption="Postings, newest first" columns={columns}>
      {rows.map((row) => (
        <Row key={row.id} row={row} account={account} />
      ))}
    </ListTable>
  );
}

function Row({ row, account }: { row: ShownPosting; account: string }) {
  const [what, cause, other, amount, when] = cellsOf(columns);
  const isDebit = row.debit === account;
  const counterpart = isDebit ? row.credit : row.debit;
  return (
    <ListRow>
      <td className={what}>
        <RowLink href={`/admin/payments/${row.paymentId}?since=${row.seq - 1}`}>{words(row.kind)}</RowLink>
        {row.reverses && <span className="ml-2 text-12 text-ink-muted">takes back {row.reverses.slice(-6)}</span>}
      </td>
      <td className={`text-ink-muted ${cause}`}>
        {words(row.trigger)}
        <span className="block text-12">by {words(row.cause).toLowerCase()}</span>
      </td>
      <td className={other}>{accountWords[counterpart].name}</td>
      <td className={amount}>
        <SignedAmount value={isDebit ? row.amount : -row.amount} currency={row.currency} className="font-medium" />
      </td>
      <td className={`whitespace-nowrap ${when}`}>{exact(row.at)}</td>
    </ListRow>
  );
}
