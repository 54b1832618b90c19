import { Refusal } from '#server/kernel/refusal.ts';
import type { Separator } from '#server/providers/csv/fields.ts';
import { makeRowReader, type Row } from '#server/providers/csv/rows.ts';
import { amountOf, currencyOf, dayOf, type StatementEntry, unreadable } from './statement-entry.ts';

/** What banks call the columns. */
const names = {
  date: ['date', 'booked_on', 'booking_date', 'booking date'],
  amount: ['amount'],
  currency: ['currency', 'ccy'],
  remittance: ['remittance', 'description', 'remittance information'],
};

/**
 * Entries of a statement in CSV, with commas or semicolons: columns `date`, `amount` (with a sign), `currency` and
 * `remittance` or `description`, in any order, among any others.
 *
 * @throws Refusal `invalid_input` that names the first line that cannot be read.
 */
export function readBankCsv(content: Buffer): StatementEntry[] {
  const rows = makeRowReader(separatorOf(content));
  const [heading, ...others] = [...rows.push(content), ...rows.end()];
  if (!heading || !('fields' in heading)) throw new Refusal('invalid_input', 'The file is empty.', { param: 'file' });
  const places = placesIn(heading);
  return others.map((row) => {
    if (!('fields' in row)) throw unreadable(row.line, row.reason);
    return entryOf(row, places);
  });
}

type Places = Record<keyof typeof names, number>;

function placesIn({ fields }: Row): Places {
  const found = fields.map((field) => field.trim().toLowerCase());
  const place = (wanted: keyof typeof names) => {
    const at = found.findIndex((field) => names[wanted].includes(field));
    if (at >= 0) return at;
    const text = `The heading of a statement has date, amount, currency and remittance: ${wanted} is missing.`;
    throw new Refusal('invalid_input', text, { param: 'file' });
  };
  return { date: place('date'), amount: place('amount'), currency: place('currency'), remittance: place('remittance') };
}

function entryOf({ line, raw, fields }: Row, places: Places): StatementEntry {
  const text = (name: keyof typeof names) => fields[places[name]] ?? '';
  const currency = currencyOf(text('currency'), line);
  return {
    line,
    bookedOn: dayOf(text('date'), line),
    amount: amountOf(text('amount'), currency, line),
    currency,
    remittance: text('remittance'),
    raw,
  };
}

/** Whichever the heading has more of. */
function separatorOf(content: Buffer): Separator {
  const [heading = ''] = content.subarray(0, 4_096).toString().split('\n', 1);
  return heading.split(';').length > heading.split(',').length ? ';' : ',';
}
