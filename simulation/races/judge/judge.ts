import { answersHold } from './answers.ts';
import { booksAgree } from './books.ts';
import type { Evidence } from './evidence.ts';
import { logIsWhole } from './log.ts';

/** What is broken, in words; empty where nothing is. Reads rows, the acquirer's journal and answers, and no code. */
export function judge(evidence: Evidence, { consumes = false } = {}): string[] {
  const broken = evidence.payments.flatMap((payment) => [
    ...booksAgree(payment, evidence),
    ...logIsWhole(payment, evidence),
    ...(consumes ? seenOnce(payment, evidence) : []),
  ]);
  return [...broken, ...answersHold(evidence)];
}

/** Each event once, those of one payment in order. */
function seenOnce({ id, version }: { id: string; version: number }, { seen }: Evidence): string[] {
  const saw = seen.filter((one) => one.payment_id === id).map(({ seq }) => seq);
  const whole = saw.length === version && saw.every((seq, n) => seq === n + 1);
  return whole ? [] : [`a consumer saw the events ${saw.join(', ')} of ${version}: not each once and in order`];
}
