import type { ShownEntry } from '#server/trpc/payment-view.ts';
import { isRecord } from './record.ts';

/** What risk said about a payment, as its timeline holds it. */
export function riskOf(entries: ShownEntry[]): { score: number | undefined; reasons: string[] } {
  const risk = entries.map(({ data }) => data.risk).findLast(isRecord);
  const reasons = Array.isArray(risk?.reasons) ? risk.reasons : [];
  return {
    score: typeof risk?.score === 'number' ? risk.score : undefined,
    reasons: reasons.map((reason) => (isRecord(reason) ? String(reason.says) : String(reason))),
  };
}
