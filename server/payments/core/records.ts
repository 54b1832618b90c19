import type { RawSql } from '#db/client.ts';

// The columns of the rows that `rows.ts` writes, as json_to_recordset takes them.

export const paymentRecord = (sql: RawSql) => sql`(n int, id uuid, merchant_id uuid, intent_id uuid, attempt int,
  before int, version int, state text, live bool, currency text, amount bigint, authorized bigint, captured bigint,
  refunded bigint, refund_reserved bigint, charged_back bigint, stray bigint, reconciled bigint, provider text,
  token text, card_brand text, card_last4 text, card_exp_month int, card_exp_year int, fingerprint text,
  verdict_id uuid, failure_code text, failure_message text, untried jsonb, return_url text, review text,
  queued_until timestamptz, try_at timestamptz, held_until timestamptz, at timestamptz, cancels text)`;

export const intentRecord = (sql: RawSql) => sql`(n int, id uuid, merchant_id uuid, amount bigint, currency text,
  capture_method text, description text, reference text, receipt_email text, metadata jsonb, attempts int,
  created_at timestamptz)`;

export const operationRecord = (sql: RawSql) => sql`(n int, id uuid, payment_id uuid, merchant_id uuid, kind text,
  status text, provider text, amount bigint, currency text, request json, step int, sends int, sent_at timestamptz,
  send_before timestamptz, opened_at timestamptz, closed_at timestamptz, provider_ref text, fee bigint, code text,
  message text, reason text, note text, against uuid, target_ref text, is_foreign bool, ask_at timestamptz,
  challenge_url text)`;

/** What may change of an operation; a column that is named and not there costs as much as one that is. */
export const touchedRecord = (sql: RawSql) => sql`(n int, id uuid, status text, step int, sends int,
  sent_at timestamptz, send_before timestamptz, closed_at timestamptz, provider_ref text, fee bigint, code text,
  message text, challenge_url text, ask_at timestamptz)`;

export const escalationRecord = (sql: RawSql) => sql`(n int, id uuid, merchant_id uuid, payment_id uuid,
  operation_id uuid, kind text, at_risk bigint, currency text, evidence jsonb, opened_at timestamptz, finding text,
  reason text, found_ref text, proposed_by uuid, proposed_by_name text, proposed_at timestamptz, closed_how text,
  closed_by uuid, closed_by_name text, closed_at timestamptz)`;
