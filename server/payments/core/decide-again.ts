import { about, type Because, Change } from './change.ts';
import { isUnclosed, type Operation, type Payment } from './payment.ts';

/** Decides the next send of an operation: the same key, the same request. */
export function decideResend(payment: Payment, operation: Operation, again: Operation, because: Because): Change {
  const { sends, sentAt, sendBefore } = again;
  return new Change(payment, because)
    .touch(operation, { sends, sentAt, sendBefore, message: null })
    .fact('operation_resent', { ...about(operation), data: { send: sends } });
}

/** Decides that a request of ours is to be blocked. Undefined where that is under way already. */
export function decideCancelOf(
  payment: Payment,
  lost: Operation,
  cancel: Operation,
  because: Because,
): Change | undefined {
  const underWay = payment.operations.some((one) => one.against === lost.id && isUnclosed(one));
  if (underWay) return undefined;
  return new Change(payment, because)
    .fact('operation_opened', { ...about(cancel), data: { blocks: lost.id } })
    .open(cancel);
}
