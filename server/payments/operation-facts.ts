import type { RawSql } from '#db/client.ts';
import type { Currency } from '#server/kernel/money.ts';
import type { OperationKind } from './view.ts';

/** What never changes about an operation once it is opened; for consumers of the log, in their transaction. */
export interface OperationFacts {
  kind: OperationKind;
  provider: string;
  currency: Currency;
  openedAt: Date;
}

/** By the operations' ids. */
export async function operationFacts(tx: RawSql, ids: readonly string[]): Promise<Map<string, OperationFacts>> {
  const rows = await tx<{ id: string; kind: OperationKind; provider: string; currency: Currency; opened_at: Date }[]>`
    SELECT id, kind, provider, currency, opened_at FROM operations WHERE id = ANY(${ids as string[]}::uuid[])`;
  return new Map(rows.map(({ id, opened_at: openedAt, ...facts }) => [id, { ...facts, openedAt }]));
}
