import type { ShownEntry, ShownOperation } from '#server/trpc/payment-view.ts';

/** Entries that belong together: one operation's, or a stretch of the payment's own. */
export interface Group {
  key: string;
  operation: ShownOperation | undefined;
  entries: ShownEntry[];
}

/**
 * Groups a timeline by operation, in the order in which the groups began, newest last. Refunds that ran side by side
 * come apart; within a group nothing changes its order.
 */
export function groupByOperation(entries: ShownEntry[], operations: ShownOperation[]): Group[] {
  const groups: Group[] = [];
  for (const entry of entries) {
    const last = groups.at(-1);
    const group = entry.operationId
      ? groups.find(({ operation }) => operation?.id === entry.operationId)
      : last?.operation
        ? undefined
        : last;
    if (group) group.entries.push(entry);
    else groups.push(groupOf(entry, operations));
  }
  return groups;
}

function groupOf(entry: ShownEntry, operations: ShownOperation[]): Group {
  const operation = operations.find(({ id }) => id === entry.operationId);
  return { key: operation?.id ?? entry.id, operation, entries: [entry] };
}
