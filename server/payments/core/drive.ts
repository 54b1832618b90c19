import { inSpan } from '#server/observability/trace.ts';
import type { Outcome } from '#server/providers/outcome.ts';
import { record } from '../record.ts';
import type { Room } from '../room.ts';
import { orderOf } from './draft.ts';
import type { Operation, Payment } from './payment.ts';

/**
 * Carries a payment's opened operation to its answer, and what follows from that answer to its own: call, commit, call,
 * commit, with no transaction open during a call. A crash anywhere leaves a row that says what to ask next.
 *
 * Once something was sent, no failure of ours is told as a no: the money may have moved. Then the payment is returned
 * as it stands on record, with its operation unclosed, and the sweep finds out the rest.
 *
 * @returns  The payment as it is when nothing is left to send: final, or with an answer still to come.
 */
export async function drive(room: Room, payment: Payment, opened: Operation | undefined): Promise<Payment> {
  let current = payment;
  let operation = opened;
  while (operation) {
    const { id: operationId } = operation;
    try {
      const outcome = await send(room, current, operation);
      const { sends } = operation;
      const recorded = await record(room, { payment: current, operationId, outcome, cause: 'answer', send: sends });
      current = recorded.payment;
      operation = recorded.opened;
    } catch (error) {
      const fields = { payment: current.id, intent: current.intentId, operation: operationId, error };
      room.log.error(fields, 'an answer could not be recorded; it will be asked for again');
      return current;
    }
  }
  return current;
}

function send(room: Room, payment: Payment, operation: Operation): Promise<Outcome> {
  const { provider, kind } = operation;
  return inSpan('provider.send', { payment: payment.id, operation: operation.id, provider, kind }, () =>
    room.providers.send(provider, orderOf(payment, operation), {
      request: operation.request,
      send: operation.sends,
      sendBefore: operation.sendBefore,
      ...(kind === 'authorize' && payment.token ? { token: payment.token, more: payment.untried.length > 0 } : {}),
    }),
  );
}
