import type { ConsumerStanding } from '#server/events/consumer.ts';
import { Badge } from '../../ui/badge.tsx';
import { words } from '../../ui/words.ts';
import { behindWords, lagWords, standingOf } from './event-words.ts';

const columns = [
  { title: 'Consumer', className: 'pl-0' },
  { title: 'Standing', className: 'w-28' },
  { title: 'Not seen', className: 'hidden w-24 text-right sm:table-cell' },
  { title: 'Behind', className: 'hidden w-20 text-right sm:table-cell' },
  { title: 'Put aside', className: 'w-20 pr-0 text-right' },
] as const;

/** How far everybody is with the log. */
export function ConsumersTable({ rows }: { rows: ConsumerStanding[] }) {
  return (
    <table className="w-full border-separate border-spacing-0 text-13">
      <caption className="sr-only">Consumers of the event log</caption>
      <thead>
        <tr>
          {columns.map(({ title, className }) => (
            <th
              key={title}
              scope="col"
              className={`h-9 border-b px-2 text-left text-12 font-medium whitespace-nowrap text-ink-muted ${className}`}
            >
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.name} row={row} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ row }: { row: ConsumerStanding }) {
  const [name, standing, unseen, behind, aside] = columns.map(({ className }) => `h-10 border-b px-2 ${className}`);
  const { tone, says } = standingOf(row);
  return (
    <tr>
      <th scope="row" className={`${name} text-left font-medium`}>
        {words(row.name)}
      </th>
      <td className={standing}>
        <Badge tone={tone}>{says}</Badge>
      </td>
      <td className={`${unseen} tabular-nums`}>{behindWords(row.behind)}</td>
      <td className={`${behind} whitespace-nowrap tabular-nums`}>{lagWords(row.lag)}</td>
      <td className={`${aside} tabular-nums`}>{row.parked}</td>
    </tr>
  );
}
