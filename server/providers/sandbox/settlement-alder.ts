import { orNull, readCurrency, readMoment, readUnits, readWord } from '../csv/read-field.ts';
import { BadField, readingReport, requireHeading } from '../csv/report.ts';
import type { Row } from '../csv/rows.ts';
import type { LineKind, ReadLine, ReadReport } from '../settlement-line.ts';
import { makeCount, requireSide } from './settlement-whole.ts';

const columns = 'kind,id,capture_id,key,reference,created,gross,fee,net,currency,payout_id'.split(',');

const kinds: Record<string, LineKind> = {
  capture: 'capture',
  refund: 'refund',
  chargeback: 'chargeback',
  fee: 'fee',
  payout: 'payout',
  adjustment: 'adjustment',
};

/** Commas, minor units, a minus for what is taken, times in UTC, and a last line that counts the others. */
export const readAlder: ReadReport = readingReport(',', (heading) => {
  requireHeading(heading, columns, ',');
  const count = makeCount();
  return {
    line(row) {
      const [kind = '', , , , , , lines = ''] = row.fields;
      if (kind === 'end') return count.end(row, lines);
      count.one();
      return lineOf(row);
    },
    missing: count.missing,
  };
});

function lineOf({ line, raw, fields }: Row): ReadLine {
  const [word = '', id = '', capture = '', key = '', reference = '', created = '', ...money] = fields;
  const [grossText = '', feeText = '', netText = '', code = '', payout = ''] = money;
  const kind = readWord(kinds, word, 'kind');
  const currency = readCurrency(code);
  const gross = readUnits(grossText, 'gross');
  const fee = readUnits(feeText, 'fee');
  const net = readUnits(netText, 'net');
  if (fee < 0n) throw new BadField(`its fee "${feeText}" is below nothing`);
  if (net !== gross - fee)
    throw new BadField(`its net ${netText} is not its gross ${grossText} less its fee ${feeText}`);
  requireSide(kind, gross);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(created)) {
    throw new BadField(`its created "${created.slice(0, 40)}" is no moment`);
  }
  return {
    line,
    raw,
    kind,
    ref: orNull(id),
    captureRef: orNull(capture),
    key: orNull(key),
    reference: orNull(reference),
    amount: gross < 0n ? -gross : gross,
    fee,
    net,
    currency,
    occurredAt: readMoment(created, created, 'created'),
    payoutRef: orNull(payout),
  };
}
