import type { Fragment } from './evidence.ts';
import { ofBooks, type Wrong } from './invariant.ts';
import type { Judged } from './judged.ts';
import { clockSkew, inFlightFor } from './limits.ts';
import { money, shown } from './shown.ts';

/**
 * The acquirers' books by authorisation, as `h`: what was set aside, taken, let go and given back. It holds money while
 * it is neither voided nor given back in full.
 */
export function holds({ sql, books }: Judged): Fragment {
  return sql`(
    SELECT b.provider, b.auth, (array_agg(b.payment) FILTER (WHERE b.kind = 'authorization'))[1] AS payment,
      (array_agg(b.operation) FILTER (WHERE b.kind = 'authorization'))[1] AS operation, min(b.currency) AS currency,
      min(b.at) FILTER (WHERE b.kind = 'authorization') AS at,
      coalesce(sum(b.amount) FILTER (WHERE b.kind = 'authorization'), 0) AS authorized,
      coalesce(sum(b.amount) FILTER (WHERE b.kind = 'capture'), 0) AS captured,
      count(*) FILTER (WHERE b.kind = 'capture') AS captures, count(*) FILTER (WHERE b.kind = 'void') AS voids,
      coalesce(sum(b.amount) FILTER (WHERE b.kind = 'refund'), 0) AS refunded,
      coalesce(sum(b.amount) FILTER (WHERE b.kind = 'refund' AND b.origin IS NULL), 0) AS asked_back,
      coalesce(min(b.at) FILTER (WHERE b.kind = 'void'), CASE
        WHEN sum(b.amount) FILTER (WHERE b.kind = 'capture') <= sum(b.amount) FILTER (WHERE b.kind = 'refund')
        THEN max(b.at) FILTER (WHERE b.kind = 'refund') END, 'infinity') AS until
    FROM ${books} GROUP BY b.provider, b.auth)`;
}

interface Twice extends Wrong {
  intent: string;
  held: string[];
}

/**
 * Judged over all the time that the books tell of: a second hold that was let go of since was one too many. Excused:
 * what an acquirer did later than it promises, and what two people said was let go of by hand.
 */
const oneHold = ofBooks<Twice>({
  id: 'I1c',
  says: 'At no time does an intent hold or keep money under two authorisations, over all acquirers together.',
  rest: false,
  find: (judged) => judged.sql<Twice[]>`
    WITH held AS (
      SELECT p.id, p.merchant_id, p.intent_id, h.auth, h.provider, h.at, h.until
      FROM ${holds(judged)} h
      JOIN payments p ON p.id = h.payment
      LEFT JOIN operations o ON o.id = h.operation
      WHERE (o.id IS NULL
          OR h.at <= greatest(o.sent_at, o.send_before) + make_interval(secs => ${(inFlightFor + clockSkew) / 1000}))
        AND NOT EXISTS (SELECT FROM escalations c WHERE c.payment_id = p.id AND c.closed_how = 'confirmed')
    )
    SELECT one.id AS payment, one.merchant_id AS merchant, one.intent_id AS intent,
      ARRAY[one.auth || ' at ' || one.provider, other.auth || ' at ' || other.provider] AS held
    FROM held one
    JOIN held other ON other.intent_id = one.intent_id AND (other.provider, other.auth) > (one.provider, one.auth)
      AND other.at < one.until AND one.at < other.until
    LIMIT 50`,
  tell: ({ intent, held }) => `${shown('intent', intent)} is or was held twice at once: as ${held.join(' and as ')}.`,
});

interface Held extends Wrong {
  provider: string;
  auth: string;
  currency: string;
  authorized: string;
  captured: string;
  refunded: string;
  voids: number;
}

const inWords = ({ provider, auth, currency, payment, ...h }: Held) =>
  `At ${provider}, ${auth}${payment === null ? '' : ` of ${shown('payment', payment)}`} has ` +
  `${money(h.authorized, currency)} authorised, ${money(h.captured, currency)} captured, ` +
  `${money(h.refunded, currency)} refunded and is ${h.voids > 0 ? 'voided' : 'not voided'}`;

const capsThere = ofBooks<Held>({
  id: 'I2d',
  says: 'At the acquirers no more was captured than authorised, once, and no more refunded than captured.',
  rest: false,
  find: (judged) => judged.sql<Held[]>`
    SELECT h.payment, NULL AS merchant, h.provider, h.auth, h.currency, h.authorized::text, h.captured::text,
      h.refunded::text, h.voids::int
    FROM ${holds(judged)} h
    WHERE h.captured > h.authorized OR h.refunded > h.captured OR h.captures > 1 LIMIT 50`,
  tell: (row) => `${inWords(row)}.`,
});

const neverBothThere = ofBooks<Held>({
  id: 'I3b',
  says: 'At the acquirers nothing was both captured and voided.',
  rest: false,
  find: (judged) => judged.sql<Held[]>`
    SELECT h.payment, NULL AS merchant, h.provider, h.auth, h.currency, h.authorized::text, h.captured::text,
      h.refunded::text, h.voids::int
    FROM ${holds(judged)} h WHERE h.captures > 0 AND h.voids > 0 LIMIT 50`,
  tell: (row) => `${inWords(row)}.`,
});

interface Sums extends Wrong {
  payment: string;
  state: string;
  currency: string;
  captured: string;
  refunded: string;
  capturedThere: string;
  refundedThere: string;
}

// What people settled by hand, what is stray and refunds that came back are in the books otherwise, and before people.
const sumsAgree = ofBooks<Sums>({
  id: 'I7e',
  says: 'What a payment has captured and refunded is what its acquirers have captured and refunded for it.',
  rest: true,
  find: (judged) => judged.sql<Sums[]>`
    SELECT p.id AS payment, p.merchant_id AS merchant, p.state, p.currency, p.captured::text, p.refunded::text,
      coalesce(t.captured, 0)::text AS "capturedThere", coalesce(t.refunded, 0)::text AS "refundedThere"
    FROM ${judged.payments}
    LEFT JOIN (
      SELECT h.payment, sum(h.captured) AS captured, sum(h.asked_back) AS refunded FROM ${holds(judged)} h GROUP BY 1
    ) t ON t.payment = p.id
    LEFT JOIN LATERAL (
      SELECT coalesce(sum(o.amount) FILTER (WHERE o.is_foreign), 0) AS by_others FROM operations o
      WHERE o.payment_id = p.id AND o.kind = 'refund' AND o.status = 'accepted' AND o.is_foreign) r ON true
    WHERE p.provider = ANY (${judged.providers}::text[]) AND p.updated_at < ${judged.quiet}
      AND (p.captured <> coalesce(t.captured, 0) OR p.refunded - r.by_others <> coalesce(t.refunded, 0))
      AND (${judged.resting} OR NOT EXISTS (
        SELECT FROM operations o WHERE o.payment_id = p.id AND o.status IN ('open', 'challenged', 'pending')))
      AND NOT EXISTS (SELECT FROM escalations c WHERE c.payment_id = p.id
        AND (c.kind IN ('stray', 'undone') OR c.closed_how = 'confirmed'))
    LIMIT 50`,
  tell: ({ payment, state, currency, captured, refunded, capturedThere, refundedThere }) =>
    `${shown('payment', payment)} is ${state} with ${money(captured, currency)} captured and ` +
    `${money(refunded, currency)} refunded, and its acquirers have captured ${money(capturedThere, currency)} ` +
    `and refunded ${money(refundedThere, currency)}.`,
});

const endedHoldsNothing = ofBooks<Held & { state: string }>({
  id: 'I9c',
  says: 'Nothing is held or taken for a payment that failed or was voided, unless people know it as stray.',
  rest: true,
  find: (judged) => judged.sql<(Held & { state: string })[]>`
    SELECT p.id AS payment, p.merchant_id AS merchant, p.state, h.provider, h.auth, h.currency, h.authorized::text,
      h.captured::text, h.refunded::text, h.voids::int
    FROM ${holds(judged)} h
    JOIN payments p ON p.id = h.payment
    LEFT JOIN operations o ON o.id = h.operation
    WHERE p.state IN ('failed', 'voided') AND p.updated_at < ${judged.quiet}
      AND h.voids = 0 AND (h.captures = 0 OR h.captured > h.refunded)
      AND (o.id IS NULL
        OR h.at <= greatest(o.sent_at, o.send_before) + make_interval(secs => ${(inFlightFor + clockSkew) / 1000}))
      AND NOT EXISTS (SELECT FROM escalations c WHERE c.payment_id = p.id
        AND (c.kind = 'stray' AND c.closed_at IS NULL OR c.closed_how = 'confirmed'))
    LIMIT 50`,
  tell: ({ state, ...row }) => `${inWords(row)}, and the payment is ${state}.`,
});

export const holding = [oneHold, capsThere, neverBothThere, sumsAgree, endedHoldsNothing];
