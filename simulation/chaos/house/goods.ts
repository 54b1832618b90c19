import type { Breach } from '../../judge/invariant.ts';
import type { House } from './house.ts';

interface Differs {
  id: string;
  merchant: string;
  payment: string;
  status: string;
  said: string | null;
}

/** Where our orders and the warehouse's own journal say different things of the same goods; at rest. */
export async function goodsThatDiffer({ asOwner, warehouse }: House): Promise<Breach[]> {
  const said = Object.fromEntries(warehouse.sent());
  const rows = await asOwner(
    (sql) => sql<Differs[]>`
      SELECT coalesce(f.id::text, w.key) AS id, f.merchant_id AS merchant, f.payment_id AS payment,
        coalesce(f.status, 'unknown') AS status, w.value AS said
      FROM fulfilments f FULL JOIN json_each_text(${JSON.stringify(said)}::text::json) w ON w.key = f.id::text
      WHERE w.value IS DISTINCT FROM CASE WHEN f.status IN ('shipped', 'refused') THEN f.status END LIMIT 50`,
  );
  return rows.map(({ id, merchant, payment, status, said }) => ({
    invariant: 'goods',
    ...(merchant && { merchant }),
    ...(payment && { payment }),
    says: `The command ${id} is ${status} here, and ${said ?? 'unknown'} at the warehouse.`,
  }));
}
