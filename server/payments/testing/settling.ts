import type { Failpoint, FailpointName } from '#db/failpoints.ts';
import type { SettledLine, SettleInput } from '../payments.ts';
import type { PaymentView } from '../view.ts';

/** The line of a report that says what an operation of a payment has come to; what fits, but for `fields`. */
export function lineOf(
  payment: Pick<PaymentView, 'operations' | 'currency'>,
  kind: SettledLine['kind'],
  fields: Partial<SettledLine> = {},
): SettledLine {
  const operation = payment.operations.findLast((one) => one.kind === (kind === 'capture' ? 'capture' : 'refund'));
  if (!operation) throw new Error(`this payment has no ${kind}`);
  const { id: operationId, amount } = operation;
  return { operationId, kind, amount, fee: 0n, currency: payment.currency, ref: 'st_1', line: 'day.csv:2', ...fields };
}

export function inputOf(
  { id: paymentId, merchantId }: { id: string; merchantId: string },
  lines: readonly SettledLine[],
): SettleInput {
  return { merchantId, paymentId, provider: 'alder', lines };
}

/** A failpoint that stops the first who comes to `place`, until it is told to go on. */
export function holdAt(place: FailpointName) {
  const reached = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const failpoint: Failpoint = async (name) => {
    if (name !== place) return;
    reached.resolve();
    await released.promise;
  };
  return { failpoint, reached: reached.promise, release: () => released.resolve() };
}
