import type { RawSql } from '#db/client.ts';
import type { ReadModel } from '#server/events/consumer.ts';
import { operationFacts } from '#server/payments/operation-facts.ts';
import { count, type Figures } from './count.ts';

/** Keeps `hourly_figures`: adds each event up once, in the transaction that says that it was. */
export const hourlyFigures: ReadModel = {
  name: 'hourly figures',
  tables: ['hourly_figures'],
  async effect(tx, events) {
    const ids = events.flatMap(({ operationId }) => (operationId === null ? [] : [operationId]));
    if (ids.length === 0) return;
    const sums = count(events, await operationFacts(tx, [...new Set(ids)]));
    for (const sum of sums.sort(inOrder)) await add(tx, sum);
  },
};

/** Rows are written in one order by everybody. */
function inOrder(one: Figures, other: Figures): number {
  const key = ({ merchantId, hour, provider, currency }: Figures) =>
    [merchantId, hour.toISOString(), provider, currency].join();
  return key(one) < key(other) ? -1 : 1;
}

async function add(tx: RawSql, sum: Figures): Promise<void> {
  await tx`
    INSERT INTO hourly_figures AS f (merchant_id, hour, provider, currency, asked, approved, declined, unanswered,
      authorized, captures, captured, refunds, refunded, answers_within)
    VALUES (${sum.merchantId}, ${sum.hour}, ${sum.provider}, ${sum.currency}, ${sum.asked}, ${sum.approved},
      ${sum.declined}, ${sum.unanswered}, ${sum.authorized}, ${sum.captures}, ${sum.captured}, ${sum.refunds},
      ${sum.refunded}, ${sum.answersWithin})
    ON CONFLICT (merchant_id, hour, provider, currency) DO UPDATE SET asked = f.asked + excluded.asked,
      approved = f.approved + excluded.approved, declined = f.declined + excluded.declined,
      unanswered = f.unanswered + excluded.unanswered, authorized = f.authorized + excluded.authorized,
      captures = f.captures + excluded.captures, captured = f.captured + excluded.captured,
      refunds = f.refunds + excluded.refunds, refunded = f.refunded + excluded.refunded,
      answers_within = ARRAY(SELECT a + b FROM unnest(f.answers_within, excluded.answers_within) AS pair (a, b))`;
}
