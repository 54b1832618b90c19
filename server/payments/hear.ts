import { keyOf, type Say } from '#server/providers/contract.ts';
import { decideChargeback, decideForeignRefund } from './core/decide-foreign.ts';
import { foreign } from './core/draft.ts';
import { drive } from './core/drive.ts';
import type { Operation, Payment } from './core/payment.ts';
import type { HearInput, Hearing } from './payments.ts';
import { record, tellable } from './record.ts';
import type { Room } from './room.ts';

/**
 * Takes in what a provider says unasked. It has to fit an operation of ours, in provider, kind, amount and currency;
 * what does not fit changes nothing, and is a reason to ask.
 */
export function hear(room: Room, input: HearInput): Promise<Hearing> {
  const { say } = input;
  return say.about === 'operation' ? hearAnswer(room, input, say) : hearForeign(room, input, say);
}

type Answer = Extract<Say, { about: 'operation' }>;
type Foreign = Exclude<Say, { about: 'operation' }>;

async function hearAnswer(room: Room, { provider, cause }: HearInput, say: Answer): Promise<Hearing> {
  const found = await operationOf(room, say.key);
  if (!found) return { kind: 'unmatched' };
  const { payment, operation } = found;
  const { id: paymentId, merchantId } = payment;
  const against = disagreement(payment, operation, { provider, say });
  if (against) {
    await askSoon(room, operation.id);
    return { kind: 'disagrees', paymentId, merchantId, in: against };
  }
  const { outcome } = say;
  const recorded = await record(room, { payment, operationId: operation.id, outcome, cause });
  await drive(room, recorded.payment, recorded.opened);
  return { kind: recorded.news ? 'recorded' : 'known', paymentId, merchantId };
}

const key = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-\d{1,3}$/;

async function operationOf(room: Room, said: string) {
  const id = key.exec(said)?.[1];
  if (!id) return undefined;
  const [row] = await room.sql<{ payment_id: string; merchant_id: string }[]>`
    SELECT payment_id, merchant_id FROM operations WHERE id = ${id}`;
  if (!row) return undefined;
  const { payment } = await room.load.payment(row.merchant_id, row.payment_id);
  const operation = payment.operations.find((one) => one.id === id);
  return operation && keyOf({ operation: id, step: operation.step }) === said ? { payment, operation } : undefined;
}

function disagreement(payment: Payment, operation: Operation, { provider, say }: { provider: string; say: Answer }) {
  if (operation.provider !== provider) return 'provider';
  if (operation.kind !== say.kind) return 'kind';
  if (say.outcome.kind !== 'accepted') return undefined;
  if (say.outcome.currency !== payment.currency) return 'currency';
  return say.outcome.amount === operation.amount ? undefined : 'amount';
}

/** Milliseconds between two questions that contradictions may set off about one operation. */
const contradictionEvery = 30_000;

/** Somebody says something else than we asked for: the provider itself is asked next, though not each time. */
function askSoon(room: Room, operationId: string): Promise<unknown> {
  const now = room.clock.now();
  const before = new Date(now.getTime() - contradictionEvery);
  return room.transact(
    'payments.ask-soon',
    (tx) => tx`
      UPDATE operations SET ask_at = ${now}
      WHERE id = ${operationId} AND closed_at IS NULL AND (inquiries = 0 OR asked_at < ${before})`,
  );
}

async function hearForeign(room: Room, { provider, cause }: HearInput, say: Foreign): Promise<Hearing> {
  const [row] = await room.sql<{ payment_id: string; merchant_id: string }[]>`
    SELECT payment_id, merchant_id FROM operations
    WHERE kind = 'capture' AND provider = ${provider} AND provider_ref = ${say.captureRef} AND status = 'accepted' LIMIT 1`;
  if (!row) return { kind: 'unmatched' };
  const { payment_id: paymentId, merchant_id: merchantId } = row;
  return room.again(paymentId, async (): Promise<Hearing> => {
    const { payment } = await room.load.payment(merchantId, paymentId);
    if (payment.currency !== say.currency) return { kind: 'disagrees', paymentId, merchantId, in: 'currency' };
    const told = { ...tellable(room, provider), because: { cause, actor: { kind: 'provider', id: provider } } };
    const change =
      say.about === 'chargeback'
        ? decideChargeback(payment, say, { ...told, known: await isCharged(room, paymentId, say.chargebackRef) })
        : decideForeignRefund(payment, foreign(room, { provider, amount: say.amount, ref: say.refundRef }), told);
    if (!change) return { kind: 'known', paymentId, merchantId };
    await room.commit(change);
    return { kind: 'recorded', paymentId, merchantId };
  });
}

async function isCharged(room: Room, paymentId: string, ref: string): Promise<boolean> {
  const rows = await room.sql`
    SELECT 1 FROM events WHERE payment_id = ${paymentId} AND trigger = 'chargeback' AND data->>'ref' = ${ref} LIMIT 1`;
  return rows.length > 0;
}
