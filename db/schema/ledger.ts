import { sql } from 'drizzle-orm';
import { check, date, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { id, minorUnits, moment } from './columns.ts';
import { holds, type Law, listed, oneOf } from './words.ts';

/** The accounts of a merchant, per provider and currency. */
export const accounts = [
  'authorizations', // what issuers have set aside for us
  'authorization_holds', // its counterpart
  'receivable', // what the provider owes us
  'merchant_payable', // what belongs to the merchant
  'fees', // what the provider keeps
  'payouts', // what the provider says it pays out
  'refunds', // what was given back on a merchant's behalf and is not set against what belongs to it
  'disputes', // what banks have taken back for cardholders
  'reserves', // what the provider withholds for a while
  'clearing', // what nobody can explain yet
] as const;

/** What each kind of posting may debit and credit: the ledger's whole book of rules. */
// biome-ignore format: a table
export const chart = {
  authorization:     ['authorizations.authorization_holds'],
  release:           ['authorization_holds.authorizations'],
  capture:           ['receivable.merchant_payable'],
  fee:               ['fees.receivable'],
  fee_reversed:      ['receivable.fees'],
  refund:            ['merchant_payable.receivable'],
  refund_undone:     ['receivable.merchant_payable'],
  chargeback:        ['disputes.receivable'],
  settlement:        ['payouts.receivable', 'receivable.payouts'],
  refund_settlement: ['receivable.payouts'],
  refund_returned:   ['payouts.receivable', 'receivable.payouts'],
  difference:        ['clearing.receivable', 'receivable.clearing'],
} as const satisfies Record<string, readonly `${(typeof accounts)[number]}.${(typeof accounts)[number]}`[]>;

export type PostingKind = keyof typeof chart;

/** One word per pair, as the law of the events has them. */
export const postingGoesByTheChart: Law = {
  name: 'posting_goes_by_the_chart',
  takes: 'kind text, debit text, credit text',
  says: `kind || '.' || debit || '.' || credit IN (${listed(
    Object.entries(chart).flatMap(([kind, pairs]) => pairs.map((pair) => `${kind}.${pair}`)),
  )})`,
};

/**
 * One debit and one credit of the same amount: a posting can't be out of balance, because there is nothing to balance.
 */
export const postings = pgTable(
  'postings',
  {
    id: id().primaryKey(),
    merchantId: id().notNull(),
    paymentId: id().notNull(),
    /** The event that caused it. */
    seq: integer().notNull(),
    kind: text().notNull(),
    debit: text().notNull(),
    credit: text().notNull(),
    amount: minorUnits().notNull(),
    currency: text().notNull(),
    provider: text().notNull(),
    at: moment().notNull(),
    /** The posting of the same payment that it takes back. Held by the guards: the other way round, and only once. */
    reverses: id(),
  },
  (t) => [
    // What was posted in a span of time, for balances. Almost nothing to keep: postings come in the order of time. What
    // is not summarized is read whole, so that is done as the table grows.
    index('postings_at').using('brin', t.at).with({ pages_per_range: 32, autosummarize: true }),
    uniqueIndex('postings_reversed_once').on(t.reverses).where(sql`${t.reverses} IS NOT NULL`),
    index('postings_payment').on(t.paymentId, t.seq),
    check('postings_within_chart', holds(postingGoesByTheChart, t.kind, t.debit, t.credit)),
    check('postings_amount', sql`${t.amount} > 0`),
    check('postings_two_accounts', sql`${t.debit} <> ${t.credit}`),
  ],
);

/** Days up to whose end the balances of all accounts are on record. */
export const ledgerDays = pgTable('ledger_days', {
  day: date({ mode: 'string' }).primaryKey(),
  madeAt: moment().notNull(),
});

/** What each account that was ever posted to had taken in and given by the end of a day, in UTC. */
export const ledgerSnapshots = pgTable(
  'ledger_snapshots',
  {
    day: date({ mode: 'string' })
      .notNull()
      .references(() => ledgerDays.day),
    merchantId: id().notNull(),
    provider: text().notNull(),
    currency: text().notNull(),
    account: text().notNull(),
    debits: minorUnits().notNull(),
    credits: minorUnits().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.day, t.merchantId, t.provider, t.currency, t.account] }),
    check('ledger_snapshots_account', oneOf(t.account, accounts)),
  ],
);
