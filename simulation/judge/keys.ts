import { ofDatabase, type Wrong } from './invariant.ts';

interface Key extends Wrong {
  key: string;
  times: number;
}

const once = ofDatabase<Key>({
  id: 'I8a',
  says: 'A merchant’s idempotency key is claimed once.',
  rest: false,
  find: ({ sql }) => sql<Key[]>`
    SELECT NULL AS payment, merchant_id AS merchant, key, count(*)::int AS times
    FROM idempotency_keys GROUP BY merchant_id, key HAVING count(*) > 1 LIMIT 50`,
  tell: ({ key, times }) => `The key '${key}' is claimed ${times} times.`,
});

interface Subject extends Wrong {
  key: string;
  kind: string;
  subject: string;
}

const hasResult = ofDatabase<Subject>({
  id: 'I8b',
  says: 'What an idempotency key was claimed for exists, and belongs to the merchant of the key.',
  rest: false,
  find: ({ sql }) => sql<Subject[]>`
    SELECT NULL AS payment, k.merchant_id AS merchant, k.key, k.subject_kind AS kind, k.subject_id::text AS subject
    FROM idempotency_keys k
    WHERE NOT CASE k.subject_kind
      WHEN 'intent' THEN EXISTS (SELECT FROM intents t WHERE t.id = k.subject_id AND t.merchant_id = k.merchant_id)
      WHEN 'payment' THEN EXISTS (SELECT FROM payments t WHERE t.id = k.subject_id AND t.merchant_id = k.merchant_id)
      WHEN 'refund' THEN EXISTS (SELECT FROM operations t WHERE t.id = k.subject_id AND t.merchant_id = k.merchant_id)
      WHEN 'escalation' THEN EXISTS (
        SELECT FROM escalations t WHERE t.id = k.subject_id AND t.merchant_id = k.merchant_id)
      WHEN 'session' THEN EXISTS (
        SELECT FROM checkout_sessions t WHERE t.id = k.subject_id AND t.merchant_id = k.merchant_id)
      WHEN 'order' THEN EXISTS (SELECT FROM orders t WHERE t.id = k.subject_id AND t.merchant_id = k.merchant_id)
      ELSE true END
    LIMIT 50`,
  tell: ({ key, kind, subject }) => `The key '${key}' was claimed for the ${kind} ${subject}, which is not there.`,
});

export const keys = [once, hasResult];
