import { ofDatabase, type Wrong } from './invariant.ts';
import { shown } from './shown.ts';
import { birth, legalSteps } from './table.ts';

interface Step extends Wrong {
  payment: string;
  seq: number;
  from: string | null;
  trigger: string;
  to: string;
}

const legalStep = ofDatabase<Step>({
  id: 'I4a',
  says: 'Every change of a payment is a step that the table of moves and facts allows.',
  rest: false,
  find: ({ sql, events }) => sql<Step[]>`
    SELECT e.payment_id AS payment, e.merchant_id AS merchant, e.seq, e.from_state AS from, e.trigger, e.to_state AS to
    FROM ${events}
    WHERE CASE WHEN e.from_state IS NULL THEN e.seq <> 1 OR e.trigger || ' ' || e.to_state <> ${birth}
      ELSE e.seq = 1 OR e.from_state || ' ' || e.trigger || ' ' || e.to_state <> ALL (${legalSteps}::text[]) END
    LIMIT 50`,
  tell: ({ payment, seq, from, trigger, to }) =>
    `Event ${seq} of ${shown('payment', payment)} says '${trigger}' from ${from ?? 'nothing'} to ${to}: no such step.`,
});

interface Gap extends Wrong {
  payment: string;
  seq: number;
  before: number | null;
  from: string | null;
  led: string | null;
}

const unbrokenPath = ofDatabase<Gap>({
  id: 'I4b',
  says: 'The log of a payment counts 1, 2, 3 without a gap, and each event begins where the one before it ended.',
  rest: false,
  find: ({ sql, events }) => sql<Gap[]>`
    SELECT payment_id AS payment, merchant_id AS merchant, seq, before, from_state AS from, led
    FROM (
      SELECT e.payment_id, e.merchant_id, e.seq, e.from_state, lag(e.seq) OVER path AS before,
        lag(e.to_state) OVER path AS led
      FROM ${events} WINDOW path AS (PARTITION BY e.payment_id ORDER BY e.seq)) step
    WHERE seq <> coalesce(before, 0) + 1 OR from_state IS DISTINCT FROM led
    LIMIT 50`,
  tell: ({ payment, seq, before, from, led }) =>
    seq === (before ?? 0) + 1
      ? `Event ${seq} of ${shown('payment', payment)} begins in ${from ?? 'nothing'}, ` +
        `but the one before it ended in ${led ?? 'nothing'}.`
      : `The log of ${shown('payment', payment)} has no event between ${before ?? 0} and ${seq}.`,
});

interface End extends Wrong {
  payment: string;
  state: string;
  version: number;
  ended: string | null;
  last: number | null;
}

const endsInState = ofDatabase<End>({
  id: 'I4c',
  says: 'A payment stands where its log ends: in that state, at that version.',
  rest: false,
  find: ({ sql, payments }) => sql<End[]>`
    SELECT p.id AS payment, p.merchant_id AS merchant, p.state, p.version, e.to_state AS ended, e.seq AS last
    FROM ${payments}
    LEFT JOIN LATERAL (SELECT seq, to_state FROM events WHERE payment_id = p.id ORDER BY seq DESC LIMIT 1) e ON true
    WHERE e.seq IS DISTINCT FROM p.version OR e.to_state IS DISTINCT FROM p.state
    LIMIT 50`,
  tell: ({ payment, state, version, ended, last }) =>
    `${shown('payment', payment)} is ${state} at version ${version}, ` +
    `but its log ends in ${ended ?? 'nothing'} at ${last ?? 0}.`,
});

export const theLog = [legalStep, unbrokenPath, endsInState];
