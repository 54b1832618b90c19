import { ofDatabase, type Wrong } from './invariant.ts';
import { publicNames } from './public-names.ts';
import { money, shown } from './shown.ts';

interface Case extends Wrong {
  payment: string;
  id: string;
  currency: string;
  risk: string;
  alerts: number;
  times: number | null;
}

// Who has switched this alert off is told of nothing.
const toldOnce = ofDatabase<Case>({
  id: 'I10g',
  says: 'Each case that a person has to look after was told to people once, and its alert ends with it.',
  rest: true,
  find: ({ sql, escalations, quiet }) => sql<Case[]>`
    SELECT c.payment_id AS payment, c.merchant_id AS merchant, c.id, c.currency, c.at_risk::text AS risk,
      coalesce(told.alerts, 0) AS alerts, told.times
    FROM ${escalations}
    LEFT JOIN (
      SELECT subject, count(*)::int AS alerts, sum(times)::int AS times, bool_and(resolved_at IS NULL) AS open
      FROM alerts WHERE kind = 'escalation_opened' GROUP BY subject
    ) told ON told.subject = c.id::text
    WHERE greatest(c.opened_at, c.closed_at) < ${quiet} AND EXISTS (SELECT FROM event_cursors WHERE consumer = 'alerts')
      AND (told.alerts, told.times, told.open) IS DISTINCT FROM (1, 1, c.closed_at IS NULL)
      AND NOT EXISTS (SELECT FROM alert_rules r WHERE r.kind = 'escalation_opened' AND NOT r.enabled)
    LIMIT 50`,
  tell: ({ payment, id, currency, risk, alerts, times }) =>
    `${shown('escalation', id)} about ${money(risk, currency)} of ${shown('payment', payment)} has ${alerts} alerts, ` +
    `raised ${times ?? 0} times, and is open where they are not, or was told otherwise than once.`,
});

interface Undelivered extends Wrong {
  payment: string;
  seq: number;
  name: string;
}

const queuedForAll = ofDatabase<Undelivered>({
  id: 'I10h',
  says: 'What a merchant’s endpoint wants to hear of is queued for it, under its public name.',
  rest: true,
  find: ({ sql, events, quiet }) => sql<Undelivered[]>`
    SELECT e.payment_id AS payment, e.merchant_id AS merchant, e.seq, called.name
    FROM ${events}
    JOIN unnest(${publicNames.triggers}::text[], ${publicNames.names}::text[]) AS n (trigger, name)
      ON n.trigger = e.trigger
    CROSS JOIN LATERAL (SELECT CASE WHEN e.trigger = 'void' AND e.from_state = 'capture_pending'
      THEN 'payment_intent.payment_failed' ELSE n.name END AS name) called
    JOIN webhook_endpoints w ON w.merchant_id = e.merchant_id AND w.enabled AND w.created_at <= e.at
      AND w.events && ARRAY[called.name, '*']
    LEFT JOIN deliveries d ON d.event_id = e.id AND d.endpoint_id = w.id AND d.type = called.name
    WHERE d.event_id IS NULL AND e.at < ${quiet}
      AND EXISTS (SELECT FROM event_cursors WHERE consumer = 'merchant webhooks')
    LIMIT 50`,
  tell: ({ payment, seq, name }) =>
    `Event ${seq} of ${shown('payment', payment)}, '${name}', is not queued for an endpoint that wants it.`,
});

export const effects = [toldOnce, queuedForAll];
