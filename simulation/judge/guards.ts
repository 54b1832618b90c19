import { ofDatabase, type Wrong } from './invariant.ts';
import { legalOrderSteps, orderBirth } from './order-table.ts';
import { birth, legalSteps } from './table.ts';

/** Tables that are only ever added to. */
const appendOnly = ['events', 'order_events', 'postings', 'risk_verdicts'];

/** Every step that the two logs may hold, a birth included, in the words of their CHECK: with dots. */
const steps = {
  events_legal: [birth, ...legalSteps].map(dotted),
  order_events_legal: [orderBirth, ...legalOrderSteps].map(dotted),
};

function dotted(step: string): string {
  return step.replaceAll(' ', '.');
}

/** `table trigger`: what the database holds by itself, whoever writes. */
export const triggers = [
  'events events_one_path',
  'events events_append_only',
  'postings postings_append_only',
  'risk_verdicts risk_verdicts_append_only',
  'order_events order_events_append_only',
  'order_events order_events_one_path',
  'payments payments_have_their_event',
  'payments payments_have_their_event_when_made',
  'payments payments_move_on',
  'payments payments_settled_once',
  'payments payments_verdict',
  'payments payments_verdict_when_made',
  'payments payments_end_closed',
  'payments payments_end_closed_when_made',
  'operations operations_of_their_payment',
  'operations operations_stay_closed',
  'escalations escalations_of_their_payment',
  'postings postings_of_their_payment',
  'postings postings_reverse',
  'risk_verdicts risk_verdicts_of_their_payment',
  'orders orders_have_their_event',
  'orders orders_have_their_event_when_made',
  'fulfilments fulfilments_have_grounds',
];

/** `table constraint`. */
const constraints = [
  'events events_legal',
  'order_events order_events_legal',
  'payments payments_state',
  'payments payments_live',
  'payments payments_not_negative',
  'payments payments_authorized_at_most_amount',
  'payments payments_captured_at_most_authorized',
  'payments payments_refunds_at_most_captured',
  'payments payments_refunds_at_most_reconciled',
  'payments payments_charged_back_at_most_captured',
  'payments payments_state_has_amounts',
  'payments payments_review_before_capture',
  'payments payments_risk_before_money',
  'operations operations_amount',
  'operations operations_closed',
  'postings postings_amount',
  'postings postings_two_accounts',
  'postings postings_within_chart',
  'escalations escalations_second_person',
  'fulfilments fulfilments_authorized',
  'fulfilments fulfilments_approved',
  'fulfilments fulfilments_captured',
  'idempotency_keys idempotency_keys_merchant_id_key_pk',
  'events events_payment_id_seq_pk',
];

/** Unique indexes. */
const indexes = [
  'payments_one_live',
  'payments_attempt',
  'operations_one_unclosed',
  'operations_one_capture',
  'operations_own_ref',
  'escalations_one_open',
  'events_id',
  'postings_reversed_once',
  'checkout_sessions_intent',
  'orders_session',
  'fulfilments_order',
  'compensations_order',
];

interface Right extends Wrong {
  role: string;
  table: string;
}

const nobodyMayChange = ofDatabase<Right>({
  id: 'I4g',
  says: 'Nobody but the owner may change or take away a row of the log, of the postings or of the verdicts.',
  rest: false,
  find: ({ sql }) => sql<Right[]>`
    SELECT NULL AS payment, NULL AS merchant, r.rolname AS role, t.relname AS table
    FROM pg_class t CROSS JOIN pg_roles r
    WHERE t.relname = ANY (${appendOnly}::text[]) AND t.relnamespace = 'public'::regnamespace
      AND NOT r.rolsuper AND r.rolname NOT LIKE 'pg\\_%' AND NOT pg_has_role(r.oid, t.relowner, 'MEMBER')
      AND (has_table_privilege(r.oid, t.oid, 'UPDATE, DELETE, TRUNCATE')
        OR has_any_column_privilege(r.oid, t.oid, 'UPDATE'))
    ORDER BY 3, 4 LIMIT 50`,
  tell: ({ role, table }) => `The role ${role} may change or delete rows of ${table}.`,
});

interface Guard extends Wrong {
  guard: string;
  kind: string;
}

const inPlace = ofDatabase<Guard>({
  id: 'I4h',
  says: 'The triggers, constraints and unique indexes with which the database holds all this are in force.',
  rest: false,
  find: ({ sql }) => sql<Guard[]>`
    SELECT NULL AS payment, NULL AS merchant, missing.kind, missing.guard
    FROM (
      (SELECT 'trigger' AS kind, unnest(${triggers}::text[]) AS guard
      UNION ALL SELECT 'constraint', unnest(${constraints}::text[])
      UNION ALL SELECT 'unique index', unnest(${indexes}::text[]))
      EXCEPT (
        SELECT 'trigger', c.relname || ' ' || t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE t.tgenabled IN ('O', 'A') AND c.relnamespace = 'public'::regnamespace
        UNION ALL
        SELECT 'constraint', c.relname || ' ' || k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
        WHERE k.convalidated AND c.relnamespace = 'public'::regnamespace
        UNION ALL
        SELECT 'unique index', c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        WHERE i.indisunique AND i.indisvalid AND c.relnamespace = 'public'::regnamespace)
    ) missing
    ORDER BY missing.kind, missing.guard
    LIMIT 50`,
  tell: ({ kind, guard }) => `The ${kind} '${guard}' is missing or not in force.`,
});

interface Listed extends Guard {
  step: string;
  isListed: boolean;
}

const sameTable = ofDatabase<Listed>({
  id: 'I4i',
  says: 'The steps that the database lets into the logs are those of the two tables, no more and no fewer.',
  rest: false,
  find: ({ sql }) => sql<Listed[]>`
    SELECT NULL AS payment, NULL AS merchant, 'constraint' AS kind, coalesce(own.guard, wanted.guard) AS guard,
      coalesce(own.step, wanted.step) AS step, own.step IS NOT NULL AS "isListed"
    FROM (
      SELECT k.conname::text AS guard, said.words[1] AS step
      FROM pg_constraint k
      CROSS JOIN LATERAL (
        SELECT pg_get_constraintdef(k.oid)
        UNION ALL
        SELECT f.prosrc FROM pg_depend d JOIN pg_proc f ON f.oid = d.refobjid
        WHERE d.classid = 'pg_constraint'::regclass AND d.objid = k.oid AND d.refclassid = 'pg_proc'::regclass
      ) own (text)
      CROSS JOIN regexp_matches(own.text, '''([a-z_]+[.][a-z_]+(?:[.][a-z_]+)?)''', 'g') AS said (words)
      WHERE k.conname IN ('events_legal', 'order_events_legal') AND k.connamespace = 'public'::regnamespace
    ) own
    FULL JOIN (
      SELECT 'events_legal' AS guard, unnest(${steps.events_legal}::text[]) AS step
      UNION ALL SELECT 'order_events_legal', unnest(${steps.order_events_legal}::text[])
    ) wanted ON wanted.guard = own.guard AND wanted.step = own.step
    WHERE own.step IS NULL OR wanted.step IS NULL
    LIMIT 50`,
  tell: ({ guard, step, isListed }) =>
    `The constraint '${guard}' ${isListed ? 'allows' : 'does not know'} the step '${step}'.`,
});

export const guards = [nobodyMayChange, inPlace, sameTable];
