import type { Balance } from '#server/ledger/balances.ts';
import { cellsOf, ListRow, ListTable, RowLink } from '../reconciliation/list-table.tsx';
import { SignedAmount } from '../reconciliation/signed-amount.tsx';
import { accountOrder, accountWords } from './account-words.ts';
import { accountAddress } from './ledger-address.ts';

const columns = [
  { title: 'Account', className: 'pl-0' },
  { title: 'Debits', className: 'hidden w-36 text-right md:table-cell' },
  { title: 'Credits', className: 'hidden w-36 text-right md:table-cell' },
  { title: 'Balance', className: 'w-36 pr-0 text-right' },
] as const;

/** Accounts of one provider in one currency. */
export function BalancesTable({ rows, day }: { rows: Balance[]; day: string | undefined }) {
  const groups = Map.groupBy(rows, ({ provider, currency }) => `${provider}, ${currency}`);
  return (
    <div className="grid gap-8">
      {[...groups].map(([title, group]) => (
        <section key={title}>
          <h2 className="mb-1 text-13 font-semibold">{title}</h2>
          <ListTable caption={`Accounts at ${title}`} columns={columns}>
            {inOrder(group).map((row) => (
              <Row key={row.account} row={row} day={day} />
            ))}
          </ListTable>
        </section>
      ))}
    </div>
  );
}

function inOrder(rows: Balance[]): Balance[] {
  return rows.toSorted((one, other) => accountOrder.indexOf(one.account) - accountOrder.indexOf(other.account));
}

function Row({ row, day }: { row: Balance; day: string | undefined }) {
  const [account, debits, credits, balance] = cellsOf(columns);
  const { currency, provider } = row;
  const { name, holds } = accountWords[row.account];
  return (
    <ListRow>
      <td className={account}>
        <RowLink href={accountAddress({ account: row.account, provider, currency, day })}>{name}</RowLink>
        <span className="block pb-1 text-12 text-ink-muted">{holds}</span>
      </td>
      <td className={`text-ink-muted ${debits}`}>
        <SignedAmount value={row.debits} currency={currency} />
      </td>
      <td className={`text-ink-muted ${credits}`}>
        <SignedAmount value={row.credits} currency={currency} />
      </td>
      <td className={balance}>
        <SignedAmount value={row.balance} currency={currency} className="font-medium" />
      </td>
    </ListRow>
  );
}
