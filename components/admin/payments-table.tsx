import Link from 'next/link';
import type { ShownRow } from '#server/trpc/payments-list.ts';
import { Amount } from '../ui/amount.tsx';
import { StateBadge } from '../ui/badge.tsx';
import { Coin } from '../ui/coin.tsx';
import { CopyId } from '../ui/copy-id.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { CardShort } from './card-short.tsx';
import { columns } from './payments-columns.ts';
import { RowKeys } from './row-keys.tsx';
import { troubleOf } from './trouble.ts';

/** The list. What is wrong stands first; a row opens with Enter, a click anywhere on it, and the arrow keys walk. */
export function PaymentsTable({ rows, now }: { rows: ShownRow[]; now: Date }) {
  return (
    <table className="w-full border-separate border-spacing-0 text-13">
      <caption className="sr-only">Payments, newest first</caption>
      <TableHead />
      <RowKeys>
        {rows.map((row) => (
          <Row key={row.id} row={row} now={now} />
        ))}
      </RowKeys>
    </table>
  );
}

export function TableHead() {
  return (
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
  );
}

function Row({ row, now }: { row: ShownRow; now: Date }) {
  const trouble = troubleOf(row, now);
  const [wrong, amount, state, card, customer, provider, id, created] = columns.map(
    ({ className }) => `h-10 border-b px-2 whitespace-nowrap ${className}`,
  );
  return (
    <tr className="group relative hover:bg-ink/4 has-[a:focus-visible]:bg-ink/4">
      <td className={wrong}>
        {trouble && (
          <span
            className={`inline-flex items-center gap-1.5 ${trouble.tone === 'warn' ? 'text-warn' : 'text-bad'}`}
            title={trouble.says}
          >
            <Coin tone={trouble.tone} />
            <span className="sr-only lg:not-sr-only lg:whitespace-nowrap">{trouble.says}</span>
          </span>
        )}
      </td>
      <td className={amount}>
        <Link
          href={`/admin/payments/${row.id}`}
          prefetch={false}
          className="font-medium outline-none after:absolute after:inset-0 focus-visible:after:rounded-sm focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
        >
          <Amount value={row.amount} currency={row.currency} />
        </Link>
      </td>
      <td className={state}>
        <StateBadge state={row.state} />
      </td>
      <td className={card}>{row.card && <CardShort card={row.card} />}</td>
      <td className={`${customer} max-w-0 truncate`}>{row.receiptEmail ?? row.reference}</td>
      <td className={provider}>{row.provider}</td>
      <td className={id}>
        <span className="relative">
          <CopyId id={row.id} quiet />
        </span>
      </td>
      <td className={created}>
        <RelativeTime at={row.createdAt} />
      </td>
    </tr>
  );
}
