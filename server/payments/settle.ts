import { decideSettlement, type Recollection } from './core/decide-settled.ts';
import type { Payment } from './core/payment.ts';
import type { SettledLine, SettleInput, Settling } from './payments.ts';
import type { Room } from './room.ts';

/**
 * Puts on record what a provider has settled, of many payments at once: each is a change of its own, and those that
 * come together share commits. Said again it changes nothing, so whoever was interrupted says all of it again.
 *
 * @returns  What became of each line, in the order of the inputs and of their lines.
 * @throws   The first failure, after all others are done.
 */
export async function settle(room: Room, inputs: readonly SettleInput[]): Promise<Settling[]> {
  const done = await Promise.allSettled(inputs.map((input) => settleOne(room, input)));
  return done.flatMap((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}

function settleOne(room: Room, input: SettleInput): Promise<Settling[]> {
  const { merchantId, paymentId, provider } = input;
  const because = { cause: 'settlement', actor: { kind: 'provider', id: provider } };
  return room.again(paymentId, async () => {
    const { payment } = await room.load.payment(merchantId, paymentId);
    // Read after the payment: what is newer than it makes the change stale, and it is decided again.
    const [settled, feePosting] = [await settledBefore(room, input), await feePostingOf(room, payment, input)];
    const { change, settlings } = decideSettlement(payment, input, { because, settled, feePosting });
    if (change) await room.commit(change);
    return settlings;
  });
}

/** A capture's is written on its payment. */
async function settledBefore(room: Room, { paymentId, lines }: SettleInput): Promise<Recollection['settled']> {
  if (lines.every(({ kind }) => kind === 'capture')) return [];
  const rows = await room.sql<{ operation_id: string; amount: bigint; returned: boolean }[]>`
    SELECT operation_id, amount, data ? 'returned' AS returned FROM events
    WHERE payment_id = ${paymentId} AND trigger = 'refund_settled'`;
  return rows.map(({ operation_id: operationId, amount, returned }) => ({
    operationId,
    amount,
    kind: returned ? 'refund_returned' : 'refund',
  }));
}

/** The posting that is taken back where another fee was settled than the one that the provider had told of. */
async function feePostingOf(room: Room, payment: Payment, { lines }: SettleInput): Promise<string | null> {
  const capture = lines.find(({ kind }) => kind === 'capture');
  if (!capture || !isOtherFee(payment, capture)) return null;
  const [row] = await room.sql<{ id: string }[]>`
    SELECT x.id FROM postings x JOIN events e ON e.payment_id = x.payment_id AND e.seq = x.seq
    WHERE x.payment_id = ${payment.id} AND x.kind = 'fee' AND e.trigger = 'capture' LIMIT 1`;
  return row?.id ?? null;
}

function isOtherFee({ operations }: Payment, { operationId, fee }: SettledLine): boolean {
  const told = operations.find(({ id }) => id === operationId)?.fee ?? 0n;
  return told > 0n && told !== fee;
}
