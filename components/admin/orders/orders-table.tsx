import Link from 'next/link';
import type { ShownOrderRow } from '#server/trpc/order-view.ts';
import { Amount } from '../../ui/amount.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Coin } from '../../ui/coin.tsx';
import { CopyId } from '../../ui/copy-id.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { words } from '../../ui/words.ts';
import { RowKeys } from '../row-keys.tsx';
import { orderTones, troubleWords } from './order-words.ts';

const columns = [
  { title: 'What is wrong', hidden: true, className: 'w-px pl-0' },
  { title: 'Order', hidden: false, className: 'w-32' },
  { title: 'Amount', hidden: false, className: 'w-24 text-right' },
  { title: 'State', hidden: false, className: 'w-32 max-sm:pr-0' },
  { title: 'Customer', hidden: false, className: 'hidden lg:table-cell' },
  { title: 'Id', hidden: false, className: 'hidden w-36 xl:table-cell' },
  { title: 'Changed', hidden: false, className: 'hidden w-24 pr-0 text-right text-ink-muted sm:table-cell' },
] as const;

/** The list of orders. What is wrong stands first; a row opens with Enter or a click anywhere on it. */
export function OrdersTable({ rows }: { rows: ShownOrderRow[] }) {
  return (
    <table className="w-full border-separate border-spacing-0 text-13">
      <caption className="sr-only">Orders, newest first</caption>
      <thead>
        <tr>
          {columns.map(({ title, className, hidden }) => (
            <th
              key={title}
              scope="col"
              className={`sticky top-0 z-10 h-9 border-b bg-surface px-2 text-left text-12 font-medium whitespace-nowrap text-ink-muted md:top-14 ${className}`}
            >
              {hidden ? <span className="sr-only">{title}</span> : title}
            </th>
          ))}
        </tr>
      </thead>
      <RowKeys>
        {rows.map((row) => (
          <Row key={row.id} row={row} />
        ))}
      </RowKeys>
    </table>
  );
}

function Row({ row }: { row: ShownOrderRow }) {
  const [wrong, order, amount, state, customer, id, changed] = columns.map(
    ({ className }) => `h-10 border-b px-2 whitespace-nowrap ${className}`,
  );
  return (
    <tr className="group relative hover:bg-ink/4 has-[a:focus-visible]:bg-ink/4">
      <td className={wrong}>
        {row.trouble && (
          <span className="inline-flex items-center gap-1.5 text-warn">
            <Coin tone="warn" />
            <span className="sr-only lg:not-sr-only lg:whitespace-nowrap">{troubleWords[row.trouble]}</span>
          </span>
        )}
      </td>
      <td className={`${order} max-w-32 truncate`}>
        <Link
          href={`/admin/orders/${row.id}`}
          prefetch={false}
          className="font-medium outline-none after:absolute after:inset-0 focus-visible:after:rounded-sm focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
        >
          {row.reference ?? 'No number'}
        </Link>
      </td>
      <td className={amount}>
        <Amount value={row.amount} currency={row.currency} />
      </td>
      <td className={state}>
        <Badge tone={orderTones[row.state]}>{words(row.state)}</Badge>
      </td>
      <td className={`${customer} max-w-0 truncate`}>{row.email}</td>
      <td className={id}>
        <span className="relative">
          <CopyId id={row.id} quiet />
        </span>
      </td>
      <td className={changed}>
        <RelativeTime at={row.updatedAt} />
      </td>
    </tr>
  );
}
