import Link from 'next/link';
import type { ShownWebhookRow } from '#server/trpc/webhooks.ts';
import { Badge } from '../../ui/badge.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { shorten } from '../../ui/shorten.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { RowKeys } from '../row-keys.tsx';
import { reasonWords, statusTones, statusWords } from './webhook-words.ts';

const columns = [
  { title: 'Verdict', className: 'w-44 pl-0' },
  { title: 'Provider', className: 'w-24' },
  { title: 'Event', className: 'hidden md:table-cell' },
  { title: 'Payment', className: 'hidden w-40 lg:table-cell' },
  { title: 'From', className: 'hidden w-36 xl:table-cell' },
  { title: 'Received', className: 'w-24 pr-0 text-right text-ink-muted' },
] as const;

/** What providers have sent, newest first; a row opens with Enter or a click anywhere on it. */
export function WebhooksTable({ rows }: { rows: ShownWebhookRow[] }) {
  return (
    <table className="w-full border-separate border-spacing-0 text-13">
      <caption className="sr-only">Webhooks of providers, newest first</caption>
      <TableHead />
      <RowKeys>
        {rows.map((row) => (
          <Row key={row.id} row={row} />
        ))}
      </RowKeys>
    </table>
  );
}

/** The list while its rows are on their way, at their size. */
export function WebhooksSkeleton() {
  return (
    <div role="status">
      <span className="sr-only">Loading webhooks</span>
      <table className="w-full border-separate border-spacing-0" aria-hidden="true">
        <TableHead />
        <tbody>
          {Array.from({ length: 12 }, (_, place) => place).map((row) => (
            <tr key={row}>
              {columns.map(({ title, className }) => (
                <td key={title} className={`h-10 border-b px-2 ${className}`}>
                  <Skeleton className="h-4 w-full max-w-24" />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function TableHead() {
  return (
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
  );
}

function Row({ row }: { row: ShownWebhookRow }) {
  const [verdict, provider, event, payment, from, received] = columns.map(
    ({ className }) => `h-10 border-b px-2 whitespace-nowrap ${className}`,
  );
  return (
    <tr className="group relative hover:bg-ink/4 has-[a:focus-visible]:bg-ink/4">
      <td className={verdict}>
        <Link
          href={`/admin/webhooks/${row.id}`}
          prefetch={false}
          className="outline-none after:absolute after:inset-0 focus-visible:after:rounded-sm focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
        >
          <Badge tone={statusTones[row.status]}>{row.reason ? reasonWords[row.reason] : statusWords[row.status]}</Badge>
        </Link>
      </td>
      <td className={provider}>{row.provider}</td>
      <td className={`max-w-0 truncate ${event}`}>
        {row.eventId ? (
          <span className="font-mono text-12">{row.eventId}</span>
        ) : (
          <span className="text-ink-muted">Not believed</span>
        )}
        {row.times > 1 && <span className="ml-2 text-ink-muted">sent {row.times} times</span>}
      </td>
      <td className={`font-mono text-12 ${payment}`}>{row.paymentId && shorten(row.paymentId)}</td>
      <td className={`font-mono text-12 text-ink-muted ${from}`}>{row.address}</td>
      <td className={received}>
        <RelativeTime at={row.receivedAt} />
      </td>
    </tr>
  );
}
