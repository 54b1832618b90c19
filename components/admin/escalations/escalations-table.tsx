import Link from 'next/link';
import type { ShownEscalation } from '#server/trpc/escalation-view.ts';
import { Amount } from '../../ui/amount.tsx';
import { Badge } from '../../ui/badge.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { shorten } from '../../ui/shorten.ts';
import { words } from '../../ui/words.ts';
import { RowKeys } from '../row-keys.tsx';
import { kindWords, statusTones, statusWords } from './escalation-words.ts';

const columns = [
  { title: 'What is wrong', className: 'pl-0' },
  { title: 'At risk', className: 'w-26 text-right' },
  { title: 'State', className: 'w-48 hidden sm:table-cell' },
  { title: 'Operation', className: 'w-36 hidden lg:table-cell' },
  { title: 'Payment', className: 'w-36 hidden xl:table-cell' },
  { title: 'Since', className: 'w-24 pr-0 text-right text-ink-muted' },
] as const;

/** What somebody has to look after; a row opens with Enter or a click anywhere on it. */
export function EscalationsTable({ rows }: { rows: ShownEscalation[] }) {
  return (
    <table className="w-full border-separate border-spacing-0 text-13">
      <caption className="sr-only">Escalations, open ones first</caption>
      <thead>
        <tr>
          {columns.map(({ title, className }) => (
            <th
              key={title}
              scope="col"
              className={`sticky top-0 z-10 h-9 border-b bg-surface px-2 text-left text-12 font-medium whitespace-nowrap text-ink-muted md:top-14 ${className}`}
            >
              {title}
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

function Row({ row }: { row: ShownEscalation }) {
  const [wrong, risk, state, operation, payment, since] = columns.map(
    ({ className }) => `h-10 border-b px-2 ${className}`,
  );
  const done = row.status === 'closed' ? 'text-ink-muted' : '';
  return (
    <tr className={`group relative hover:bg-ink/4 has-[a:focus-visible]:bg-ink/4 ${done}`}>
      <td className={wrong}>
        <Link
          href={`/admin/escalations/${row.id}`}
          className="font-medium outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:outline-accent focus-visible:after:-outline-offset-2"
        >
          {kindWords[row.kind]}
        </Link>
        <span className="block pb-1.5 text-12 text-ink-muted sm:hidden">{statusWords[row.status]}</span>
      </td>
      <td className={risk}>
        <Amount value={row.atRisk} currency={row.currency} className="font-medium" />
      </td>
      <td className={state}>
        <Badge tone={statusTones[row.status]}>{statusWords[row.status]}</Badge>
      </td>
      <td className={operation}>
        {words(row.operationKind ?? 'none')}
        {row.provider && <span className="text-ink-muted"> at {row.provider}</span>}
      </td>
      <td className={`font-mono text-12 ${payment}`}>{shorten(row.paymentId)}</td>
      <td className={since}>
        <RelativeTime at={row.openedAt} />
      </td>
    </tr>
  );
}
