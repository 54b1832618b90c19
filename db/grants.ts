import type { RawSql } from './client.ts';

/** What a role may do with a table: `UPDATE (a, b)` names the only columns that may ever change. */
type Grants = Record<string, string[]>;

/** A process's role, or `florin_mover`, which may write money and nothing else. One login role per process. */
export const processRoles = ['florin_web', 'florin_api', 'florin_worker'] as const;
export const vaultRole = 'florin_vault';
export const moverRole = 'florin_mover';

const money = ['intents', 'payments', 'operations', 'events', 'postings', 'risk_verdicts', 'risk_rules'];
const readsMoney: Grants = Object.fromEntries(money.map((table) => [table, ['SELECT']]));
const answersKeys: Grants = {
  idempotency_keys: ['SELECT', 'INSERT', 'UPDATE (answered_at, status, body, request)'],
};
const sessions: Grants = {
  checkout_sessions: ['SELECT', 'INSERT', 'UPDATE (shopper_email, attempted_at, status, closed_at)'],
  checkout_line_items: ['SELECT', 'INSERT'],
};

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
    postings: ['SELECT', 'INSERT'],
    risk_verdicts: ['SELECT', 'INSERT'],
    idempotency_keys: ['SELECT', 'INSERT'],
  },
  florin_web: {
    ...readsMoney, ...answersKeys, ...sessions,
    merchants: ['SELECT'],
    staff: ['SELECT'],
    staff_sessions: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
    sign_in_failures: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  },
  florin_api: {
    ...readsMoney, ...answersKeys, ...sessions,
    merchants: ['SELECT'],
    api_keys: ['SELECT'],
  },
  florin_worker: {
    ...readsMoney, ...sessions,
    merchants: ['SELECT'],
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
