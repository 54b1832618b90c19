import type { RawSql } from '#db/client.ts';
import type { accounts, postingKinds } from '#db/schema/ledger.ts';

export type Account = (typeof accounts)[number];

/** One debit and one credit of one amount, in minor units. */
export interface NewPosting {
  kind: (typeof postingKinds)[number];
  debit: Account;
  credit: Account;
  amount: bigint;
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
  const postings: NewPosting[] = [
    ...postRelease(authorized),
    { kind: 'capture', debit: 'receivable', credit: 'merchant_payable', amount: captured },
  ];
  if (fee > 0n) postings.push({ kind: 'fee', debit: 'fees', credit: 'receivable', amount: fee });
  return postings;
}

export function postRefund(amount: bigint): NewPosting[] {
  return [{ kind: 'refund', debit: 'merchant_payable', credit: 'receivable', amount }];
}

/** A refund came back: what it posted is reversed. */
export function postRefundUndone(amount: bigint): NewPosting[] {
  return [{ kind: 'refund_undone', debit: 'receivable', credit: 'merchant_payable', amount }];
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
    INSERT INTO postings (id, merchant_id, payment_id, seq, kind, debit, credit, amount, currency, provider, at)
    SELECT r.id, r.merchant_id, r.payment_id, r.seq, r.kind, r.debit, r.credit, r.amount, r.currency, r.provider, r.at
    FROM json_to_recordset(${rows}::text::json) AS r (n int, id uuid, merchant_id uuid, payment_id uuid, seq int, kind text,
      debit text, credit text, amount bigint, currency text, provider text, at timestamptz)
    JOIN done USING (n)`;
}
