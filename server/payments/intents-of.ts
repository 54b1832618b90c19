import type { RawSql } from '#db/client.ts';

/** Whose journeys these payments are: their intents, by payment; for consumers of the log, in their transaction. */
export async function intentsOf(tx: RawSql, paymentIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx<{ id: string; intent_id: string }[]>`
    SELECT id, intent_id FROM payments WHERE id IN ${tx(paymentIds)}`;
  return new Map(rows.map((row) => [row.id, row.intent_id]));
}
