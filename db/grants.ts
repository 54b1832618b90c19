import type { RawSql } from './client.ts';

/** What a role may do with a table: `UPDATE (a, b)` names the only columns that may ever change. */
type Grants = Record<string, string[]>;

/** A process's role, or `florin_mover`, which may write money and nothing else. One login role per process. */
export const processRoles = ['florin_web', 'florin_api', 'florin_worker'] as const;
export const vaultRole = 'florin_vault';
export const moverRole = 'florin_mover';

const readsMoney: Grants = { intents: ['SELECT'], payments: ['SELECT'], operations: ['SELECT'] };
const assessesRisk: Grants = { risk_rules: ['SELECT'], risk_verdicts: ['SELECT'] };
const remembersAnswer = 'UPDATE (answered_at, status, body, request)';

// biome-ignore format: one line per right
/**
 * Least grants, as data: every right that a role has on the database `florin`. Nobody may UPDATE or DELETE a log row.
 */
export const grants: Record<string, Grants> = {
  [moverRole]: {
    intents: ['SELECT', 'INSERT', 'UPDATE (attempts, canceled_at, cancellation_reason)'],
    payments: ['SELECT', 'INSERT', 'UPDATE (state, live, version, authorized, captured, refunded, refund_reserved, charged_back, stray, reconciled, provider, token, card_brand, card_last4, card_exp_month, card_exp_year, fingerprint, verdict_id, failure_code, failure_message, updated_at)'],
    operations: ['SELECT', 'INSERT', 'UPDATE (status, step, sends, sent_at, send_before, asked_at, inquiries, closed_at, provider_ref, fee, code, message)'],
    events: ['SELECT', 'INSERT'],
    postings: ['INSERT'],
    risk_verdicts: ['SELECT', 'INSERT'],
    idempotency_keys: ['SELECT', 'INSERT'],
  },
  // Shows payments and their log, takes the shopper's press, seats staff.
  florin_web: {
    ...readsMoney, ...assessesRisk,
    events: ['SELECT'],
    idempotency_keys: ['SELECT', remembersAnswer],
    checkout_line_items: ['SELECT'],
    checkout_sessions: ['SELECT', 'UPDATE (shopper_email, attempted_at, status, closed_at)'],
    merchants: ['SELECT'],
    staff: ['SELECT'],
    staff_sessions: ['SELECT', 'INSERT', 'UPDATE (seen_at, revoked_at)', 'DELETE'],
    sign_in_failures: ['SELECT', 'INSERT', 'UPDATE (failures, until)', 'DELETE'],
  },
  // Alone makes checkout sessions, in the transaction that claims their key; all other keys are claimed by the mover.
  florin_api: {
    ...readsMoney, ...assessesRisk,
    checkout_sessions: ['SELECT', 'INSERT', 'UPDATE (status, closed_at)'],
    checkout_line_items: ['SELECT', 'INSERT'],
    idempotency_keys: ['SELECT', 'INSERT', remembersAnswer],
    merchants: ['SELECT'],
    api_keys: ['SELECT'],
  },
  // Closes sessions, asks about silent operations, forgets old keys.
  florin_worker: {
    ...readsMoney,
    checkout_sessions: ['SELECT', 'UPDATE (status, closed_at)'],
    checkout_line_items: ['SELECT'],
    idempotency_keys: ['SELECT', 'DELETE'],
  },
};

/** Makes the rights in the database exactly those of the table above: what is not listed is taken away. */
export async function applyGrants(sql: RawSql): Promise<void> {
  await sql.begin(async (tx) => {
    for (const role of Object.keys(grants)) {
      await tx`REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ${tx(role)}`;
      await tx`GRANT USAGE ON SCHEMA public TO ${tx(role)}`;
    }
    for (const [role, table, right] of rights()) await tx.unsafe(`GRANT ${right} ON "${table}" TO "${role}"`);
  });
}

function rights(): [string, string, string][] {
  return Object.entries(grants).flatMap(([role, byTable]) =>
    Object.entries(byTable).flatMap(([table, list]) =>
      list.map((right): [string, string, string] => [role, table, right]),
    ),
  );
}
