import { requireCurrency } from '#server/kernel/money.ts';
import type { Hearing } from '#server/payments/payments.ts';
import { keyOf, type Say } from '#server/providers/contract.ts';
import type { Books } from '../room.ts';
import type { LineKind } from './judge.ts';

/** A line that is to be posted, beside its operation where it has one. */
export interface Postable {
  line: number;
  kind: LineKind;
  amount: bigint;
  fee: bigint;
  currency: string;
  ref: string | null;
  captureRef: string | null;
  rule: string | null;
  merchantId: string | null;
  paymentId: string | null;
  operationId: string | null;
  status: string | null;
  step: number | null;
  ours: bigint | null;
}

/** Says to payments what a line proves and our books may not know; undefined where there is nothing to say. */
export function hearLine(room: Books, provider: string, line: Postable, at: string): Promise<Hearing> | undefined {
  const say = sayOf(line, at);
  return say && room.payments.hear({ provider, cause: 'settlement', say });
}

const unclosed = ['open', 'challenged', 'pending'];

function sayOf(line: Postable, at: string): Say | undefined {
  const { kind, amount, ref, captureRef, operationId, status, step } = line;
  const currency = requireCurrency(line.currency);
  const exchange = { milliseconds: 0, answer: { settlement_line: at } };
  if (operationId && step !== null) {
    const about = { about: 'operation', key: keyOf({ operation: operationId, step }) } as const;
    if (kind === 'refund_returned') return { ...about, kind: 'refund', outcome: { ...returned, exchange } };
    if (kind !== 'capture' && kind !== 'refund') return undefined;
    if (!ref || !status || !unclosed.includes(status)) return undefined;
    return {
      ...about,
      kind,
      outcome: { kind: 'accepted', providerRef: ref, amount, currency, fee: line.fee, exchange },
    };
  }
  if (!ref || !captureRef) return undefined;
  const ofCapture = { captureRef, amount, currency, exchange };
  return kind === 'chargeback'
    ? { about: 'chargeback', chargebackRef: ref, ...ofCapture }
    : { about: 'foreign_refund', refundRef: ref, ...ofCapture };
}

const returned = {
  kind: 'refused',
  code: 'processing_error',
  providerCode: null,
  message: 'The settlement file says that the refund has come back.',
  retryable: false,
} as const;
