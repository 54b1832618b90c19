import { openSql, type RawSql } from '#db/client.ts';
import { testDatabase } from '#db/testing/database.ts';
import { stretchOf, usual } from '../reach.ts';
import type { Walk } from '../walk.ts';

/** A payment of the list: captured, of 10.00 euros, unless it says otherwise. */
export interface GivenPayment {
  id: string;
  state?: string;
  amount?: number;
  reference?: string;
  /** From its end, in small letters. */
  backwards?: string;
}

export const merchantId = '01950000-0000-7000-8000-000000000001';

/** So many seconds after the first. */
export function idOf(second: number): string {
  const hex = (Date.UTC(2026, 0, 1) + second * 1000).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${second.toString(16).padStart(12, '0')}`;
}

/** A look at the whole list. */
export function lookAt(look: Partial<Walk> = {}): Walk {
  return { ...stretchOf(merchantId, {}), filter: {}, wanted: 10, depths: usual, ...look };
}

/** The tables of the list in a database of their own, filled by hand. */
export async function givenList() {
  const database = await testDatabase();
  const owner = openSql(database.url('owner'), { application: 'test', max: 1, settings: { statement_timeout: 0 } });
  // One connection: what is asked on it is asked one after the other.
  const web = openSql(database.url('web'), { application: 'test web', max: 1 });
  return {
    owner,
    web,
    fill: (payments: readonly GivenPayment[]) => fill(owner, payments),
    async end(): Promise<void> {
      await Promise.all([owner.end(), web.end()]);
      await database.drop();
    },
  };
}

async function fill(owner: RawSql, payments: readonly GivenPayment[]): Promise<void> {
  const given = owner`json_to_recordset(${JSON.stringify(payments)}::text::json)
    AS g (id uuid, state text, amount bigint, reference text, backwards text)`;
  await owner`
    INSERT INTO payment_rows (id, merchant_id, intent_id, version, state, amount, captured, refunded, currency,
      provider, reference, created_at)
    SELECT id, ${merchantId}, id, 1, coalesce(state, 'captured'), coalesce(amount, 1000), 0, 0, 'EUR', 'alder', reference,
      to_timestamp(('x0000' || left(replace(id::text, '-', ''), 12))::bit(64)::bigint / 1000.0) FROM ${given}`;
  await owner`INSERT INTO payment_facets VALUES (${merchantId}, 'EUR', ''), (${merchantId}, 'EUR', 'alder')
    ON CONFLICT DO NOTHING`;
  await owner`INSERT INTO payment_texts SELECT ${merchantId}, id, coalesce(lower(reference), '') FROM ${given}`;
  await owner`
    INSERT INTO payment_ids SELECT ${merchantId}, backwards, id FROM ${given} WHERE backwards IS NOT NULL`;
  await owner`ANALYZE`;
}
