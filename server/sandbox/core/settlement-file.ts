import type { SettlementLine, SettlementStyle } from './settlement-line.ts';

export interface FileLine {
  line: SettlementLine;
  /** Only half of it is written. */
  broken?: true;
}

/**
 * A whole file, line by line: a heading, what has happened, a payout for each currency of what that comes to, an end.
 * A payout below nothing is what the merchant is charged.
 */
export function* settlementText(
  style: SettlementStyle,
  { name, at }: { name: string; at: Date },
  happened: Iterable<FileLine>,
): Generator<string> {
  const totals = new Map<string, number>();
  const payoutOf = (currency: string) => `po_${name.replace(/\.csv$/, '').toLowerCase()}_${currency.toLowerCase()}`;
  const now = at.toISOString();
  let lines = 0;
  yield style.heading;
  for (const { line, broken } of happened) {
    const { currency, gross, fee } = line;
    totals.set(currency, (totals.get(currency) ?? 0) + gross - fee);
    const text = style.line({ ...line, payout: payoutOf(currency) });
    yield broken ? `${text.slice(0, text.length / 2)}\n` : text;
    lines += 1;
  }
  for (const [currency, total] of totals) {
    if (total === 0) continue;
    const payout = payoutOf(currency);
    const about = { capture: '', key: '', reference: '', at: now, currency, payout };
    yield style.line({ kind: 'payout', id: payout, ...about, gross: -total, fee: 0 });
    lines += 1;
  }
  yield style.end({ name, at: now, lines });
}
