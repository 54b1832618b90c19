import { Refusal } from '#server/kernel/refusal.ts';
import { orNull, readCurrency, readDecimal, readMoment } from '../csv/read-field.ts';
import { BadField, readingReport } from '../csv/report.ts';
import type { Row } from '../csv/rows.ts';
import type { LineKind, ReadLine, ReadReport } from '../settlement-line.ts';

/** Without these nothing can be said; `created_utc` stands in for `created`, which may be in any time zone. */
const needed = ['balance_transaction_id', 'currency', 'gross', 'fee', 'net', 'reporting_category', 'source_id'];

/**
 * What else there is, such as `transfer`, is an adjustment.
 *
 * @see https://docs.stripe.com/reports/reporting-categories
 */
const kinds: Record<string, LineKind> = {
  charge: 'capture',
  refund: 'refund',
  refund_failure: 'refund_returned',
  dispute: 'chargeback',
  payout: 'payout',
  fee: 'fee',
  network_cost: 'fee',
};

/** Our marks, where the report was asked for with columns of metadata. */
const marks = {
  capture: 'payment_metadata[florin_capture]',
  refund: 'refund_metadata[florin_key]',
  reference: 'payment_metadata[florin_reference]',
};

/**
 * The itemized reports "Balance change from activity" and "Payout reconciliation": decimal amounts in major units,
 * columns by name and in any order. `created` alone is taken for UTC, the report's default.
 *
 * @see https://docs.stripe.com/reports/report-types/payout-reconciliation
 */
export const readStripe: ReadReport = readingReport(',', (heading) => {
  const missing = needed.filter((name) => !heading.includes(name));
  if (!heading.includes('created_utc') && !heading.includes('created')) missing.push('created_utc');
  if (missing.length > 0) {
    throw new Refusal('invalid_input', `The heading of a Stripe report lacks: ${missing.join(', ')}.`, {
      param: 'file',
    });
  }
  const places = new Map(heading.map((name, at) => [name, at]));
  return { line: (row) => lineOf(row, (name) => row.fields[places.get(name) ?? -1] ?? '') };
});

function lineOf({ line, raw }: Row, column: (name: string) => string): ReadLine {
  const category = column('reporting_category');
  const kind = (Object.hasOwn(kinds, category) && kinds[category]) || 'adjustment';
  const currency = readCurrency(column('currency'));
  const decimal = (name: string) => readDecimal(column(name), currency, { column: name, point: '.' });
  const gross = decimal('gross');
  const fee = decimal('fee');
  const net = decimal('net');
  if (net !== gross - fee) throw new BadField('its net is not its gross less its fee');
  const source = column('source_id');
  const charge = column('charge_id');
  return {
    line,
    raw,
    kind,
    ref: orNull(kind === 'capture' ? charge || source : source || column('balance_transaction_id')),
    captureRef: kind === 'capture' ? null : orNull(charge),
    key: orNull(kind === 'capture' ? column(marks.capture) : kind === 'refund' ? column(marks.refund) : ''),
    reference: orNull(column(marks.reference)),
    amount: gross < 0n ? -gross : gross,
    // A fee that is given back is no fee: it is in the net.
    fee: fee < 0n ? 0n : fee,
    net,
    currency,
    occurredAt: momentOf(column('created_utc') || column('created')),
    payoutRef: orNull(column('automatic_payout_id') || (kind === 'payout' ? source : '')),
  };
}

/** @param text  `2026-11-22 03:04:05`, in UTC */
function momentOf(text: string): Date {
  const found = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)$/.exec(text);
  if (!found) throw new BadField(`its created "${text.slice(0, 40)}" is no moment`);
  return readMoment(`${found[1]}T${found[2]}Z`, text, 'created');
}
