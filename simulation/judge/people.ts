import { ofDatabase, type Wrong } from './invariant.ts';
import { money, shown } from './shown.ts';

interface Act extends Wrong {
  payment: string;
  seq: number;
  trigger: string;
}

const whoAndWhy = ofDatabase<Act>({
  id: 'I14a',
  says: 'Every event says who did it and by what; what a person or a key did names them.',
  rest: false,
  find: ({ sql, events }) => sql<Act[]>`
    SELECT e.payment_id AS payment, e.merchant_id AS merchant, e.seq, e.trigger
    FROM ${events}
    WHERE e.cause = '' OR e.actor_kind = '' OR e.actor_kind <> 'shopper' AND coalesce(e.actor_id, '') = ''
    LIMIT 50`,
  tell: ({ payment, seq, trigger }) =>
    `Event ${seq} of ${shown('payment', payment)}, '${trigger}', does not say by whom.`,
});

interface Case extends Wrong {
  payment: string;
  id: string;
  currency: string;
  risk: string;
}

const twoPeople = ofDatabase<Case>({
  id: 'I14b',
  says: 'A case that people have closed was found by one, with a reason, and confirmed by another.',
  rest: false,
  find: ({ sql, escalations }) => sql<Case[]>`
    SELECT c.payment_id AS payment, c.merchant_id AS merchant, c.id, c.currency, c.at_risk::text AS risk
    FROM ${escalations}
    WHERE (c.closed_at IS NULL) <> (c.closed_how IS NULL) OR c.closed_how = 'confirmed' AND (
      c.proposed_by IS NULL OR c.closed_by IS NULL OR c.closed_by = c.proposed_by OR c.finding IS NULL
      OR coalesce(length(c.reason), 0) < 10)
    LIMIT 50`,
  tell: ({ payment, id, currency, risk }) =>
    `${shown('escalation', id)} about ${money(risk, currency)} of ${shown('payment', payment)} is closed ` +
    'without the finding and the reason of one person and the yes of another.',
});

const caseIsLogged = ofDatabase<Case>({
  id: 'I14c',
  says: 'A case is opened by its event in the log, and closed by one.',
  rest: false,
  find: ({ sql, escalations, events }) => sql<Case[]>`
    SELECT c.payment_id AS payment, c.merchant_id AS merchant, c.id, c.currency, c.at_risk::text AS risk
    FROM ${escalations}
    LEFT JOIN (
      SELECT e.data->>'escalation' AS id, count(*) FILTER (WHERE e.trigger = 'escalated') AS opened,
        count(*) FILTER (WHERE e.trigger = 'escalation_closed') AS closed
      FROM ${events} WHERE e.trigger IN ('escalated', 'escalation_closed') GROUP BY 1
    ) told ON told.id = c.id::text
    WHERE told.opened IS DISTINCT FROM 1 OR told.closed <> CASE WHEN c.closed_at IS NULL THEN 0 ELSE 1 END
    LIMIT 50`,
  tell: ({ payment, id, currency, risk }) =>
    `${shown('escalation', id)} about ${money(risk, currency)} of ${shown('payment', payment)} ` +
    'was not opened or closed as the log tells it.',
});

export const people = [whoAndWhy, twoPeople, caseIsLogged];
