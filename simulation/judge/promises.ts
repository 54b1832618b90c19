import type { Evidence, Fragment } from './evidence.ts';
import { holds } from './holds.ts';
import { breach, breachesAtMost, type Invariant, type Wrong } from './invariant.ts';
import { type Judged, judged, type Scope } from './judged.ts';
import { shown } from './shown.ts';
import { type Told, toldBy } from './told.ts';

interface Broken extends Wrong, Omit<Told, 'merchant'> {
  fact: string;
}

/** What clients were told, as a table: `t`. */
function toldTo({ sql }: Judged, told: readonly Told[]): Fragment {
  return sql`json_to_recordset(${JSON.stringify(told)}::text::json) AS t (of text, id uuid, said text, merchant uuid,
    client text)`;
}

function ofPromises(
  rule: Pick<Invariant, 'id' | 'says' | 'rest'>,
  find: (judged: Judged, told: readonly Told[]) => PromiseLike<readonly Broken[]>,
): Invariant {
  return {
    ...rule,
    needs: 'answers',
    async check(evidence: Evidence, scope: Scope = {}) {
      const told = toldBy(evidence.answers);
      if (told.length === 0) return [];
      const rows = await find(judged(evidence, scope), told);
      return rows.slice(0, breachesAtMost).map((row) => {
        const about = row.of === 'refund' ? shown('refund', row.id) : shown(row.of, row.id);
        return breach(rule.id, row, `Client ${row.client} was told that ${about} is ${row.said}, and ${row.fact}.`);
      });
    },
  };
}

const truth = ofPromises(
  {
    id: 'I16a',
    says: 'Nobody is told that something succeeded, failed or ended before that is on record.',
    rest: false,
  },
  (judged, told) => judged.sql<Broken[]>`
    SELECT p.id AS payment, t.merchant, t.of, t.id, t.said, t.client,
      coalesce('on record it is ' || coalesce(o.status, p.state), 'there is no such thing on record') AS fact
    FROM ${toldTo(judged, told)}
    LEFT JOIN intents i ON t.of = 'intent' AND i.id = t.id
    LEFT JOIN operations o ON t.of = 'refund' AND o.id = t.id
    LEFT JOIN LATERAL (
      SELECT p.id, p.state, p.merchant_id FROM payments p
      WHERE p.intent_id = i.id OR p.id = CASE t.of WHEN 'payment' THEN t.id WHEN 'refund' THEN o.payment_id END
      ORDER BY p.attempt DESC LIMIT 1) p ON true
    WHERE p.merchant_id IS DISTINCT FROM t.merchant OR NOT coalesce(CASE t.of || ' ' || t.said
      WHEN 'intent succeeded' THEN p.state IN ('captured', 'reconciled', 'refunded')
      WHEN 'intent authorized' THEN EXISTS (
        SELECT FROM payments a JOIN events e ON e.payment_id = a.id
        WHERE a.intent_id = i.id AND e.trigger = 'authorize')
      WHEN 'intent canceled' THEN i.canceled_at IS NOT NULL
      WHEN 'payment succeeded' THEN p.state IN ('captured', 'reconciled', 'refunded')
      WHEN 'payment authorized' THEN EXISTS (
        SELECT FROM events e WHERE e.payment_id = p.id AND e.trigger = 'authorize')
      WHEN 'payment failed' THEN p.state IN ('failed', 'voided')
      WHEN 'refund succeeded' THEN o.status = 'accepted'
      WHEN 'refund failed' THEN o.status IN ('refused', 'absent') END, false)
    LIMIT 50`,
);

// The acquirers' own word. Stray money is excused while people know of it, and what they settled by hand.
const money = ofPromises(
  {
    id: 'I9d',
    says: 'Who was told "failed" or "canceled" has nothing held anywhere; who was told "succeeded" has it taken.',
    rest: true,
  },
  (judged, told) => judged.sql<Broken[]>`
    SELECT p.id AS payment, t.merchant, t.of, t.id, t.said, t.client,
      coalesce(h.auth || ' at ' || h.provider || CASE WHEN t.said = 'failed' OR t.said = 'canceled' THEN ' holds money'
        ELSE ' holds none' END, 'no acquirer has taken money') AS fact
    FROM ${toldTo(judged, told)}
    JOIN payments p ON t.of = 'intent' AND p.intent_id = t.id OR t.of = 'payment' AND p.id = t.id
    LEFT JOIN ${holds(judged)} h ON h.payment = p.id
    WHERE p.provider = ANY (${judged.providers}::text[]) AND p.updated_at < ${judged.quiet}
      AND CASE WHEN t.said IN ('failed', 'canceled')
        THEN h.voids = 0 AND h.authorized > 0 AND (h.captures = 0 OR h.captured > h.refunded)
        ELSE t.said = 'succeeded' AND p.state NOT IN ('failed', 'voided') AND coalesce(h.captured, 0) = 0
          AND NOT EXISTS (SELECT FROM operations o WHERE o.payment_id = p.id
            AND o.kind = 'capture' AND o.status = 'accepted' AND o.provider <> ALL (${judged.providers}::text[])) END
      AND NOT EXISTS (SELECT FROM escalations c WHERE c.payment_id = p.id
        AND (c.kind = 'stray' AND c.closed_at IS NULL OR c.closed_how = 'confirmed'))
    LIMIT 50`,
);

export const promises = [truth, money];
