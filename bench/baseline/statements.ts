/**
 * The writes of one payment's life, one statement and so one transaction for each of Florin's: the same tables, rows,
 * constraints and triggers, and nothing read that the writing does not need. A name after a colon is a parameter, which
 * both a driver and pgbench can be handed. `baseline.test.ts` holds their rows against those of a life in Florin.
 */
export interface Statement {
  name: string;
  text: string;
}

/** Rows of (seq, id, from, trigger, to, cause, kind of actor, actor, operation, amount, data). */
const events = (rows: string, from = 'done,') => `
      INSERT INTO events (payment_id, seq, id, merchant_id, from_state, trigger, to_state, cause, actor_kind, actor_id,
        operation_id, amount, data, at)
      SELECT :payment::uuid, e.seq, e.id, :merchant::uuid, e.f, e.t, e.s, e.c, e.k, e.a, e.o, e.m, e.d,
        :at::timestamptz
      FROM ${from} (VALUES ${rows}) AS e (seq, id, f, t, s, c, k, a, o, m, d)`;

/** Rows of (id, seq, kind, debit, credit, amount). */
const postings = (rows: string) => `
      INSERT INTO postings (id, merchant_id, payment_id, seq, kind, debit, credit, amount, currency, provider, at)
      SELECT g.id, :merchant::uuid, :payment::uuid, g.seq, g.kind, g.debit, g.credit, g.amount, 'EUR', 'alder',
        :at::timestamptz
      FROM done, (VALUES ${rows}) AS g (id, seq, kind, debit, credit, amount)`;

const claim = (nth: 1 | 2, from: string, answer?: { columns: string; values: string }) => `
      INSERT INTO idempotency_keys (merchant_id, key, fingerprint, subject_kind, subject_id, claimed_at, request
        ${answer?.columns ?? ''})
      SELECT :merchant::uuid, :key${nth}::text, decode(:print::text, 'hex'), 'intent', :intent::uuid, :at::timestamptz,
        :request${nth}::text ${answer?.values ?? ''} ${from}`;

/** What is made is known before it is: its answer is kept with it. */
const madeAnswer = { columns: ', status, body, answered_at', values: ', 200, :body1::text, :at::timestamptz' };

const opened = (operation: 'authorize' | 'capture', request: string, from: string) => `
      INSERT INTO operations (id, payment_id, merchant_id, kind, status, provider, amount, currency, request, step,
        sends, sent_at, send_before, asked_at, inquiries, ask_at, opened_at, is_foreign)
      SELECT :${operation}::uuid, :payment::uuid, :merchant::uuid, '${operation}', 'open', 'alder', :amount::bigint,
        'EUR', :${request}::text::json, 1, 1, :at::timestamptz, :at::timestamptz + interval '12 s', :at::timestamptz,
        0, :at::timestamptz + interval '5 s', :at::timestamptz, false ${from}`;

const closed = (operation: 'authorize' | 'capture', ref: string, fee: string) => `
      UPDATE operations SET status = 'accepted', closed_at = :at::timestamptz, provider_ref = :${ref}::text,
        fee = ${fee}
      WHERE id = :${operation}::uuid AND status = 'open' RETURNING id`;

const remember = `
    UPDATE idempotency_keys SET status = 200, body = :body2::text, request = :request2::text,
      answered_at = :at::timestamptz
    WHERE merchant_id = :merchant::uuid AND key = :key2::text AND body IS NULL`;

const create = `
    WITH t AS (
      INSERT INTO intents (id, merchant_id, amount, currency, capture_method, metadata, attempts, created_at)
      VALUES (:intent::uuid, :merchant::uuid, :amount::bigint, 'EUR', 'automatic', '{}', 1, :at::timestamptz)),
    p AS (
      INSERT INTO payments (id, merchant_id, intent_id, attempt, state, live, version, currency, amount, authorized,
        captured, refunded, refund_reserved, charged_back, stray, untried, created_at, updated_at)
      VALUES (:payment::uuid, :merchant::uuid, :intent::uuid, 1, 'initiated', true, 1, 'EUR', :amount::bigint, 0, 0, 0,
        0, 0, 0, '[]', :at::timestamptz, :at::timestamptz)),
    e AS (${events(
      `
        (1, :event1::uuid, NULL::text, 'create', 'initiated', 'create', 'merchant_key', :actor::text, NULL::uuid,
          :amount::bigint, '{"capture_method":"automatic"}'::jsonb)`,
      '',
    )})
    ${claim(1, '', madeAnswer)}`;

const confirm = `
    WITH done AS (
      UPDATE payments SET state = 'risk_checked', version = 5, provider = 'alder', token = :token::text,
        card_brand = 'visa', card_last4 = '4242', card_exp_month = 12, card_exp_year = 2030,
        fingerprint = :fingerprint::text, verdict_id = :verdict::uuid, updated_at = :at::timestamptz
      WHERE id = :payment::uuid AND merchant_id = :merchant::uuid AND version = 1 RETURNING id),
    v AS (
      INSERT INTO risk_verdicts (id, merchant_id, payment_id, decision, score, reasons, fingerprint, amount, currency,
        at)
      SELECT :verdict::uuid, :merchant::uuid, id, 'approve', 0, '[]', :fingerprint::text, :amount::bigint, 'EUR',
        :at::timestamptz FROM done),
    e AS (${events(`
        (2, :event2::uuid, 'initiated', 'collect', 'payment_method_captured', 'confirm', 'merchant_key', :actor::text,
          NULL::uuid, NULL::bigint, '{}'::jsonb),
        (3, :event3::uuid, 'payment_method_captured', 'tokenize', 'tokenized', 'confirm', 'merchant_key', :actor::text,
          NULL, NULL, '{"brand":"visa","last4":"4242"}'),
        (4, :event4::uuid, 'tokenized', 'approve', 'risk_checked', 'confirm', 'merchant_key', :actor::text,
          NULL, NULL, '{"risk":{"score":0,"reasons":[]}}'),
        (5, :event5::uuid, 'risk_checked', 'operation_opened', 'risk_checked', 'confirm', 'merchant_key', :actor::text,
          :authorize::uuid, :amount::bigint, '{"plan":"alder: in the order of the operator"}')`)}),
    o AS (${opened('authorize', 'authorizing', 'FROM done')})
    ${claim(2, 'FROM done')}`;

const authorized = `
    WITH done AS (
      UPDATE payments SET state = 'capture_pending', version = 7, authorized = :amount::bigint,
        updated_at = :at::timestamptz
      WHERE id = :payment::uuid AND merchant_id = :merchant::uuid AND version = 5 RETURNING id),
    touched AS (${closed('authorize', 'authref', 'NULL')}),
    e AS (${events(`
        (6, :event6::uuid, 'risk_checked', 'authorize', 'authorized', 'answer', 'provider', 'alder',
          :authorize::uuid, :amount::bigint, :authdata::text::jsonb),
        (7, :event7::uuid, 'authorized', 'begin_capture', 'capture_pending', 'answer', 'provider', 'alder',
          :capture::uuid, :amount::bigint, '{}')`)}),
    g AS (${postings(`
        (:posting1::uuid, 6, 'authorization', 'authorizations', 'authorization_holds', :amount::bigint)`)})
    ${opened('capture', 'capturing', 'FROM done WHERE (SELECT count(*) FROM touched) = 1')}`;

const captured = `
    WITH done AS (
      UPDATE payments SET state = 'captured', version = 8, captured = :amount::bigint, updated_at = :at::timestamptz
      WHERE id = :payment::uuid AND merchant_id = :merchant::uuid AND version = 7 RETURNING id),
    touched AS (${closed('capture', 'capref', ':fee::bigint')}),
    e AS (${events(`
        (8, :event8::uuid, 'capture_pending', 'capture', 'captured', 'answer', 'provider', 'alder',
          :capture::uuid, :amount::bigint, :capdata::text::jsonb)`)})
    ${postings(`
        (:posting2::uuid, 8, 'release', 'authorization_holds', 'authorizations', :amount::bigint),
        (:posting3::uuid, 8, 'capture', 'receivable', 'merchant_payable', :amount::bigint),
        (:posting4::uuid, 8, 'fee', 'fees', 'receivable', :fee::bigint)`)}`;

/** In order. Florin commits five times, too: four changes, and an answer that is kept under its key. */
export const life: readonly Statement[] = [
  { name: 'create', text: create },
  { name: 'confirm', text: confirm },
  { name: 'authorized', text: authorized },
  { name: 'captured', text: captured },
  { name: 'remember the confirmation', text: remember },
];
