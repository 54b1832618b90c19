import type { ShownEntry, ShownOperation } from '#server/trpc/payment-view.ts';
import { Amount } from '../../ui/amount.tsx';
import { Badge } from '../../ui/badge.tsx';
import { CopyId } from '../../ui/copy-id.tsx';
import { span } from '../../ui/time.ts';
import { words } from '../../ui/words.ts';
import { statusTone } from './operation-tone.ts';
import { TimelineEntry } from './timeline-entry.tsx';
import { type Group, groupByOperation } from './timeline-groups.ts';

/**
 * Everything that happened, by operation, newest last.
 *
 * @param since  Version that the reader has already seen: what is newer is lit, and the first of it comes into view.
 */
export function Timeline({
  entries,
  operations,
  since,
}: {
  entries: ShownEntry[];
  operations: ShownOperation[];
  since: number | undefined;
}) {
  const firstNew = since === undefined ? undefined : entries.find(({ seq }) => seq > since)?.id;
  return (
    <ol className="grid gap-4">
      {groupByOperation(entries, operations).map(({ key, ...group }) => (
        <li key={key} className="overflow-hidden rounded-card border">
          <GroupHead {...group} />
          <ol className="px-4">
            {group.entries.map((entry) => (
              <TimelineEntry
                key={entry.id}
                entry={entry}
                isNew={since !== undefined && entry.seq > since}
                isFirstNew={entry.id === firstNew}
              />
            ))}
          </ol>
        </li>
      ))}
    </ol>
  );
}

function GroupHead({ operation, entries }: Omit<Group, 'key'>) {
  if (!operation) return <h3 className="border-b bg-canvas px-4 py-2 text-13 font-medium">Payment</h3>;
  const { kind, amount, provider, status, openedAt, closedAt, id } = operation;
  const currency = entries[0]?.currency ?? 'EUR';
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b bg-canvas px-4 py-1.5">
      <h3 className="text-13 font-medium">
        {kind === 'cancel' ? (
          'Request blocked'
        ) : (
          <>
            {words(kind)} <Amount value={amount} currency={currency} />
          </>
        )}{' '}
        <span className="text-ink-muted">at {provider}</span>
      </h3>
      <Badge tone={statusTone[status]}>{words(status)}</Badge>
      {closedAt && <span className="text-12 text-ink-muted">{took(openedAt, closedAt)}</span>}
      <span className="ml-auto">
        <CopyId id={id} />
      </span>
    </div>
  );
}

function took(from: Date, to: Date): string {
  const milliseconds = to.getTime() - from.getTime();
  return milliseconds < 10_000 ? `${milliseconds} ms` : span(milliseconds);
}
