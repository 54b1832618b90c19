import { getTableColumns, sql } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { isOfOneRow } from '#db/row-errors.ts';
import { checkoutLineItems, checkoutSessions } from '#db/schema/checkout.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { ofQuestions, together } from '#server/kernel/lane.ts';
import type { Item, Session } from './session.ts';

interface Which {
  sessionId: string;
  /** A merchant reads its own: left out by `bySecret` alone. */
  merchantId?: string;
}

/** The session with its cart, or undefined. */
export type FindSession = (which: Which) => Promise<Session | undefined>;

/** Those who ask at once share a statement, which each connection prepares once. */
export function makeFindSession({ db, clock }: { db: Database; clock: Clock }): FindSession {
  const query = prepare(db);
  return together({ ...ofQuestions, clock, isOfOne: isOfOneRow }, async (which: readonly Which[]) => {
    const asked = which.map(({ sessionId, merchantId = null }, n) => ({ n, id: sessionId, merchant_id: merchantId }));
    const rows = await query.execute({ asked: JSON.stringify(asked) });
    const found: (Session | undefined)[] = which.map(() => undefined);
    for (const { n, items, ...session } of rows) found[n] = { ...session, items: items.map(itemOf) };
    return found;
  });
}

/** By place. Each is looked up by itself, however many the planner thinks there are. */
function prepare(db: Database) {
  const { id, merchantId } = checkoutSessions;
  const one = db
    .select(getTableColumns(checkoutSessions))
    .from(checkoutSessions)
    .where(sql`${id} = a.id AND ${merchantId} = coalesce(a.merchant_id, ${merchantId})`)
    .limit(1)
    .as('s');
  const { sessionId, position, ...line } = checkoutLineItems;
  // A cart has a hundred lines at most: the table's key and a CHECK on the position see to it.
  const items = sql<ItemJson[]>`(
    SELECT json_agg(json_build_array(${line.id}, ${line.name}, ${line.description}, ${line.unitAmount}, ${line.quantity})
      ORDER BY ${position})
    FROM ${checkoutLineItems} WHERE ${sessionId} = ${one.id})`;
  return db
    .select({ n: sql<number>`a.n`, ...one._.selectedFields, items })
    .from(sql`json_to_recordset(${sql.placeholder('asked')}::text::json) AS a (n int, id uuid, merchant_id uuid)`)
    .crossJoinLateral(one)
    .prepare('checkout_sessions');
}

type ItemJson = [id: string, name: string, description: string | null, unitAmount: number, quantity: number];

function itemOf([id, name, description, unitAmount, quantity]: ItemJson): Item {
  return { id, name, description, unitAmount: BigInt(unitAmount), quantity };
}
