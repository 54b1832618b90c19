import type { RawSql } from '#db/client.ts';
import type { accounts, PostingKind } from '#db/schema/ledger.ts';

export type Account = (typeof accounts)[number];

/** One debit and one credit of one amount, in minor units. */
export interface NewPosting {
  kind: PostingKind;
  debit: Account;
  credit: Account;
  amount: bigint;
  /** The posting that it takes back. */
  reverses?: string | null;
}

/** An issuer has set the amount aside. */
export function postAuthorization(amount: bigint): NewPosting[] {
  return [{ kind: 'authorization', debit: 'authorizations', credit: 'authorization_holds', amount }];
}

/** The hold is gone: captured, voided or expired. */
export function postRelease(amount: bigint): NewPosting[] {
  return [{ kind: 'release', debit: 'authorization_holds', credit: 'authorizations', amount }];
}

/** The provider owes what was captured, less its fee; what was authorised beyond it is released with the hold. */
export function postCapture({
  authorized,
  captured,
  fee,
}: {
  authorized: bigint;
  captured: bigint;
  fee: bigint;
}): NewPosting[] {
  return [
    ...postRelease(authorized),
    { kind: 'capture', debit: 'receivable', credit: 'merchant_payable', amount: captured },
    ...postFee(fee),
  ];
}

export function postRefund(amount: bigint): NewPosting[] {
  return [{ kind: 'refund', debit: 'merchant_payable', credit: 'receivable', amount }];
}

/** A refund came back: what it posted is reversed. */
export function postRefundUndone(amount: bigint, reverses: string | null): NewPosting[] {
  return [{ kind: 'refund_undone', debit: 'receivable', credit: 'merchant_payable', amount, reverses }];
}

/** A cardholder has the money back through the bank: the provider takes it off what it owes. */
export function postChargeback(amount: bigint): NewPosting[] {
  return [{ kind: 'chargeback', debit: 'disputes', credit: 'receivable', amount }];
}

/** What a provider says it has settled of an operation. Minor units. */
export interface Settled {
  /** What moved by our books, and by the provider's. */
  ours: bigint;
  theirs: bigint;
  /** What the provider keeps of it. */
  fee: bigint;
}

/** The fee that was posted with the capture, and its posting. */
export interface PostedFee {
  amount: bigint;
  posting: string | null;
}

/** The provider pays out what it owes of a capture. A fee that is not what was posted is taken back and posted anew. */
export function postSettlement({ ours, theirs, fee }: Settled, before: PostedFee): NewPosting[] {
  return [
    ...(fee === before.amount ? [] : [...postFeeReversed(before), ...postFee(fee)]),
    ...between('settlement', { debit: 'payouts', credit: 'receivable' }, theirs - fee),
    ...between('difference', { debit: 'clearing', credit: 'receivable' }, ours - theirs),
  ];
}

/** The provider takes a refund, and its fee where it has one, off what it pays out. */
export function postRefundSettlement({ ours, theirs, fee }: Settled): NewPosting[] {
  return [
    ...postFee(fee),
    ...between('refund_settlement', { debit: 'receivable', credit: 'payouts' }, theirs + fee),
    ...between('difference', { debit: 'receivable', credit: 'clearing' }, ours - theirs),
  ];
}

/** The provider pays out a refund that came back. */
export function postRefundReturned({ ours, theirs, fee }: Settled): NewPosting[] {
  return [
    ...postFee(fee),
    ...between('refund_returned', { debit: 'payouts', credit: 'receivable' }, theirs - fee),
    ...between('difference', { debit: 'clearing', credit: 'receivable' }, ours - theirs),
  ];
}

function postFee(amount: bigint): NewPosting[] {
  return amount > 0n ? [{ kind: 'fee', debit: 'fees', credit: 'receivable', amount }] : [];
}

function postFeeReversed({ amount, posting }: PostedFee): NewPosting[] {
  if (amount === 0n) return [];
  return [{ kind: 'fee_reversed', debit: 'receivable', credit: 'fees', amount, reverses: posting }];
}

/** From one account to the other; a negative amount goes the other way. */
function between(
  kind: PostingKind,
  { debit, credit }: Pick<NewPosting, 'debit' | 'credit'>,
  amount: bigint,
): NewPosting[] {
  if (amount === 0n) return [];
  return amount > 0n ? [{ kind, debit, credit, amount }] : [{ kind, debit: credit, credit: debit, amount: -amount }];
}

/** A posting as the mover hands it over: bound to its change `n`, its event and its time. */
export interface PostingRow extends NewPosting {
  n: number;
  id: string;
  merchant_id: string;
  payment_id: string;
  seq: number;
  currency: string;
  provider: string;
  at: Date;
}

/**
 * The ledger's part of the mover's statement. Reads the CTE `done (n)`: the changes that went through.
 *
 * @param rows  JSON array of PostingRow.
 */
export function appendPostings(sql: RawSql, rows: string) {
  return sql`
    INSERT INTO postings (id, merchant_id, payment_id, seq, kind, debit, credit, amount, currency, provider, at, reverses)
    SELECT r.id, r.merchant_id, r.payment_id, r.seq, r.kind, r.debit, r.credit, r.amount, r.currency, r.provider, r.at,
      r.reverses
    FROM json_to_recordset(${rows}::text::json) AS r (n int, id uuid, merchant_id uuid, payment_id uuid, seq int, kind text,
      debit text, credit text, amount bigint, currency text, provider text, at timestamptz, reverses uuid)
    JOIN done USING (n)`;
}
