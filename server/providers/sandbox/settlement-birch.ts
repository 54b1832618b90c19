import { orNull, readCurrency, readDecimal, readMoment, readWord } from '../csv/read-field.ts';
import { BadField, readingReport, requireHeading } from '../csv/report.ts';
import type { Row } from '../csv/rows.ts';
import type { LineKind, ReadLine, ReadReport } from '../settlement-line.ts';
import { makeCount, requireSide } from './settlement-whole.ts';

const columns = 'code;booked_at;transaction;original;merchant_key;merchant_ref;ccy;debit;credit;cost;settlement'.split(
  ';',
);

const kinds: Record<string, LineKind> = {
  B10: 'capture',
  B20: 'refund',
  B30: 'chargeback',
  K10: 'fee',
  K90: 'adjustment',
  U10: 'payout',
};

/** Semicolons, decimal commas, debit and credit, local times with their offset, and a last line with the count. */
export const readBirch: ReadReport = readingReport(';', (heading) => {
  requireHeading(heading, columns, ';');
  const count = makeCount();
  return {
    line(row) {
      const [code = '', , , lines = ''] = row.fields;
      if (code === 'Z99') return count.end(row, lines);
      count.one();
      return lineOf(row);
    },
    missing: count.missing,
  };
});

function lineOf({ line, raw, fields }: Row): ReadLine {
  const [code = '', booked = '', id = '', original = '', key = '', reference = '', ...money] = fields;
  const [ccy = '', debit = '', credit = '', cost = '', payout = ''] = money;
  const kind = readWord(kinds, code, 'code');
  const currency = readCurrency(ccy);
  if ((debit === '') === (credit === '')) throw new BadField('it needs a debit or a credit, and not both');
  const amount = readDecimal(debit || credit, currency, { column: debit ? 'debit' : 'credit', point: ',' });
  const fee = readDecimal(cost, currency, { column: 'cost', point: ',' });
  if (amount < 0n || fee < 0n) throw new BadField('an amount in it has a sign');
  const gross = debit ? -amount : amount;
  requireSide(kind, gross);
  return {
    line,
    raw,
    kind,
    ref: orNull(id),
    captureRef: orNull(original),
    key: orNull(key),
    reference: orNull(reference),
    amount,
    fee,
    net: gross - fee,
    currency,
    occurredAt: momentOf(booked),
    payoutRef: orNull(payout),
  };
}

/** @param text  `22-11-2026 04:05:06,123 +0100` */
function momentOf(text: string): Date {
  const found = /^(\d\d)-(\d\d)-(\d{4}) (\d\d:\d\d:\d\d),(\d{3}) ([+-]\d\d)(\d\d)$/.exec(text);
  if (!found) throw new BadField(`its booked_at "${text.slice(0, 40)}" is no moment`);
  const [, day, month, year, time, ms, hours, minutes] = found;
  return readMoment(`${year}-${month}-${day}T${time}.${ms}${hours}:${minutes}`, text, 'booked_at');
}
