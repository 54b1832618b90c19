import type { RawSql } from './client.ts';

/** What a role may do with a table: `UPDATE (a, b)` names the only columns that may ever change. */
type Grants = Record<string, string[]>;

/** A process's role, or `florin_mover`, which may write money and nothing else. One login role per process. */
export const processRoles = ['florin_web', 'florin_api', 'florin_worker'] as const;
export const vaultRole = 'florin_vault';
export const moverRole = 'florin_mover';

const readsMoney: Grants = {
  intents: ['SELECT'],
  payments: ['SELECT'],
  operations: ['SELECT'],
  escalations: ['SELECT'],
  payment_settings: ['SELECT'],
};
const readsLedger: Grants = { postings: ['SELECT'], ledger_days: ['SELECT'], ledger_snapshots: ['SELECT'] };
const assessesRisk: Grants = { risk_rules: ['SELECT'], risk_verdicts: ['SELECT'] };
const raises = [
  'SELECT',
  'INSERT',
  'UPDATE (severity, title, detail, path, times, last_raised_at, recent, shown_since, resolved_at)',
];
// Receivers' secrets are read by the worker alone, who sends.
const namesReceivers = ['SELECT (id, merchant_id, channel, address, disabled_at)'];
const raisesAlerts: Grants = {
  alerts: raises,
  alert_rules: ['SELECT'],
  alert_receivers: namesReceivers,
  alert_deliveries: ['SELECT', 'INSERT'],
  // Whether there is only one.
  merchants: ['SELECT (id)'],
};
const lists: Grants = {
  payment_rows: ['SELECT'],
  payment_facets: ['SELECT'],
  payment_texts: ['SELECT'],
  payment_ids: ['SELECT'],
};
const routes: Grants = { routing_rules: ['SELECT'] };
const movesOrders: Grants = {
  orders: ['SELECT', 'UPDATE (state, version, updated_at)'],
  order_events: ['SELECT', 'INSERT'],
};
const takesIn = 'UPDATE (status, lines, quarantined, read_at, matched_at, posted_at, leased_until)';
const endsDifference =
  'UPDATE (assigned_to, assigned_to_name, proposed, proposed_reason, proposed_operation_id, proposed_by, proposed_by_name, proposed_at, ended, reason, ended_by, ended_by_name, ended_at)';
const remembersAnswer = 'UPDATE (answered_at, status, body, request)';
const settlesWebhook = 'UPDATE (status, reason, payment_id, merchant_id, leased_until, tries, settled_at)';
const countsSend = 'UPDATE (times, last_received_at, address)';

// biome-ignore format: one line per right
/**
 * Least grants, as data: every right that a role has on the database `florin`. Nobody may UPDATE or DELETE a log row.
 */
export const grants: Record<string, Grants> = {
  [moverRole]: {
    intents: ['SELECT', 'INSERT', 'UPDATE (attempts, canceled_at, cancellation_reason)'],
    payments: ['SELECT', 'INSERT', 'UPDATE (state, live, version, authorized, captured, refunded, refund_reserved, charged_back, stray, reconciled, provider, token, card_brand, card_last4, card_exp_month, card_exp_year, fingerprint, verdict_id, failure_code, failure_message, untried, return_url, review, queued_until, try_at, held_until, updated_at)'],
    operations: ['SELECT', 'INSERT', 'UPDATE (status, step, sends, sent_at, send_before, asked_at, inquiries, ask_at, closed_at, provider_ref, fee, code, message, challenge_url)'],
    escalations: ['SELECT', 'INSERT', 'UPDATE (finding, reason, found_ref, proposed_by, proposed_by_name, proposed_at, closed_how, closed_by, closed_by_name, closed_at)'],
    events: ['SELECT', 'INSERT'],
    // What a posting takes back is looked at by its guard.
    postings: ['SELECT (id, payment_id, provider, amount, debit, credit)', 'INSERT'],
    risk_verdicts: ['SELECT', 'INSERT'],
    idempotency_keys: ['SELECT', 'INSERT'],
  },
  // Shows payments and their log, takes the shopper's press, seats staff.
  florin_web: {
    ...readsMoney, ...assessesRisk, ...raisesAlerts, ...routes,
    events: ['SELECT'],
    ...readsLedger,
    idempotency_keys: ['SELECT', 'INSERT', remembersAnswer],
    checkout_line_items: ['SELECT'],
    checkout_sessions: ['SELECT', 'UPDATE (shopper_email, attempted_at, status, closed_at)'],
    ...movesOrders,
    fulfilments: ['SELECT', 'UPDATE (status, tries, next_at, alerted_at)'],
    compensations: ['SELECT', 'UPDATE (status, attempt, refund_id, tries, next_at, alerted_at)'],
    merchants: ['SELECT'],
    staff: ['SELECT'],
    staff_sessions: ['SELECT', 'INSERT', 'UPDATE (seen_at, revoked_at)', 'DELETE'],
    sign_in_failures: ['SELECT', 'INSERT', 'UPDATE (failures, until)', 'DELETE'],
    // Not what was said, with the address of a challenge in it.
    provider_webhooks: ['SELECT (id, provider, received_at, address, headers, body, body_size, genuine, event_id, signed_at, times, last_received_at, status, reason, payment_id, merchant_id, settled_at)'],
    provider_webhook_rejections: ['SELECT'],
    alerts: [...raises, 'UPDATE (acknowledged_at, acknowledged_by, acknowledged_by_name)'],
    alert_receivers: [...namesReceivers, 'INSERT', 'UPDATE (secret, disabled_at)'],
    event_cursors: ['SELECT'],
    parked_events: ['SELECT', 'UPDATE (status, try_again_at)'],
    ...lists,
    hourly_figures: ['SELECT'],
    // Takes in what people upload, shows it, and ends differences.
    settlement_files: ['SELECT', 'INSERT'],
    settlement_file_parts: ['SELECT', 'INSERT', 'DELETE'],
    settlement_lines: ['SELECT', 'UPDATE (merchant_id, payment_id, operation_id, rule, matched_at)'],
    quarantined_lines: ['SELECT'],
    matching_rules: ['SELECT'],
    discrepancies: ['SELECT', endsDifference],
    discrepancy_notes: ['SELECT', 'INSERT'],
    reconciliation_runs: ['SELECT'],
    bank_statements: ['SELECT', 'INSERT'],
    bank_lines: ['SELECT', 'INSERT'],
  },
  // Alone makes checkout sessions, in the transaction that claims their key; all other keys are claimed by the mover.
  florin_api: {
    ...readsMoney, ...assessesRisk, ...routes, ...raisesAlerts,
    checkout_sessions: ['SELECT', 'INSERT', 'UPDATE (status, closed_at)'],
    checkout_line_items: ['SELECT', 'INSERT'],
    orders: ['SELECT', 'INSERT', 'UPDATE (state, version, updated_at)'],
    order_events: ['SELECT', 'INSERT'],
    idempotency_keys: ['SELECT', 'INSERT', remembersAnswer],
    merchants: ['SELECT'],
    api_keys: ['SELECT'],
    ...lists,
    provider_webhooks: ['SELECT', 'INSERT', settlesWebhook, countsSend],
    provider_webhook_nonces: ['SELECT', 'INSERT'],
    provider_webhook_rejections: ['SELECT', 'INSERT', 'UPDATE (times)'],
    // Whether a chargeback is on record already, and what the ledger has of a refund that comes back.
    events: ['SELECT (payment_id, seq, trigger, operation_id, data)'],
    postings: ['SELECT (id, payment_id, seq, kind)'],
  },
  // Closes sessions, asks about silent operations, forgets old keys.
  florin_worker: {
    ...readsMoney, ...routes, ...raisesAlerts,
    events: ['SELECT'],
    postings: ['SELECT'],
    ledger_days: ['SELECT', 'INSERT', 'UPDATE (made_at)'],
    ledger_snapshots: ['SELECT', 'INSERT', 'UPDATE (debits, credits)'],
    event_cursors: ['SELECT', 'INSERT', 'UPDATE (epoch, tx, payment_id, seq, moved_at)'],
    parked_events: ['SELECT', 'INSERT', 'UPDATE (status, tries, try_again_at, error)', 'DELETE'],
    payment_rows: ['SELECT', 'INSERT', 'UPDATE (version, state, captured, refunded, card_brand, card_last4, card_exp_month, card_exp_year, provider, failure_code, waiting_since)'],
    payment_facets: ['SELECT', 'INSERT'],
    payment_texts: ['SELECT', 'INSERT'],
    payment_ids: ['SELECT', 'INSERT'],
    hourly_figures: ['SELECT', 'INSERT', 'UPDATE (asked, approved, declined, unanswered, authorized, captures, captured, refunds, refunded, answers_within)'],
    webhook_endpoints: ['SELECT'],
    deliveries: ['SELECT', 'INSERT'],
    alert_receivers: ['SELECT'],
    alert_deliveries: ['SELECT', 'INSERT', 'UPDATE (due_at, tries, last_answer, delivered_at, gave_up_at)'],
    checkout_sessions: ['SELECT', 'UPDATE (status, closed_at)'],
    checkout_line_items: ['SELECT'],
    ...movesOrders,
    fulfilments: ['SELECT', 'INSERT', 'UPDATE (status, tries, next_at, closed_at, reason, alerted_at)'],
    compensations: ['SELECT', 'INSERT', 'UPDATE (status, attempt, refund_id, tries, next_at, closed_at, reason, alerted_at)'],
    idempotency_keys: ['SELECT', 'DELETE'],
    provider_webhooks: ['SELECT', 'DELETE', settlesWebhook],
    provider_webhook_nonces: ['SELECT', 'DELETE'],
    provider_webhook_rejections: ['SELECT', 'INSERT', 'UPDATE (times)', 'DELETE'],
    settlement_files: ['SELECT', 'INSERT', takesIn],
    settlement_file_parts: ['SELECT', 'INSERT', 'DELETE'],
    settlement_lines: ['SELECT', 'INSERT', 'UPDATE (merchant_id, payment_id, operation_id, rule, matched_at, posted_at)'],
    quarantined_lines: ['SELECT', 'INSERT'],
    matching_rules: ['SELECT'],
    discrepancies: ['SELECT', 'INSERT', endsDifference],
    reconciliation_runs: ['SELECT', 'INSERT'],
    bank_statements: ['SELECT', 'INSERT', 'UPDATE (lines, matched_at)'],
    bank_lines: ['SELECT', 'INSERT', 'UPDATE (payout_file_id, payout_line, matched_at)'],
  },
};

/** Makes the rights in the database exactly those of the table above: what is not listed is taken away. */
export async function applyGrants(sql: RawSql): Promise<void> {
  await sql.begin(async (tx) => {
    for (const role of Object.keys(grants)) {
      await tx`REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ${tx(role)}`;
      await tx`GRANT USAGE ON SCHEMA public TO ${tx(role)}`;
    }
    await grantRights(tx);
  });
}

/** Gives every role its rights, on all tables or on those that have just been made. */
export async function grantRights(tx: Pick<RawSql, 'unsafe'>, only?: readonly string[]): Promise<void> {
  for (const [role, table, right] of rights()) {
    if (!only || only.includes(table)) await tx.unsafe(`GRANT ${right} ON "${table}" TO "${role}"`);
  }
}

function rights(): [string, string, string][] {
  return Object.entries(grants).flatMap(([role, byTable]) =>
    Object.entries(byTable).flatMap(([table, list]) =>
      list.map((right): [string, string, string] => [role, table, right]),
    ),
  );
}
