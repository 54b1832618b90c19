import { plainAmount, requireCurrency } from '#server/kernel/money.ts';
import { csv, type SettlementLine, type SettlementStyle } from './settlement-line.ts';

/** As a bookkeeper numbers them. */
const codes: Record<SettlementLine['kind'], string> = {
  capture: 'B10',
  refund: 'B20',
  chargeback: 'B30',
  fee: 'K10',
  adjustment: 'K90',
  payout: 'U10',
};

const columns = 'code;booked_at;transaction;original;merchant_key;merchant_ref;ccy;debit;credit;cost;settlement';
const hour = 3_600_000;

const zone = new Intl.DateTimeFormat('en', { timeZone: 'Europe/Amsterdam', timeZoneName: 'longOffset' });
/** Minutes ahead of UTC, by hours since 1970: a zone changes on the hour, and asking takes long. */
const offsets = new Map<number, number>();

function offsetAt(at: number): number {
  const key = Math.floor(at / hour);
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const name = zone.formatToParts(new Date(at)).find(({ type }) => type === 'timeZoneName')?.value;
  const [, hours = 0, minutes = 0] = /^GMT\+(\d\d):(\d\d)$/.exec(name ?? '') ?? [];
  const offset = Number(hours) * 60 + Number(minutes);
  offsets.set(key, offset);
  return offset;
}

/** In Amsterdam: `22-11-2026 04:05:06,123 +0100`. */
function local(at: string): string {
  const moment = Date.parse(at);
  const offset = offsetAt(moment);
  const text = new Date(moment + offset * 60_000).toISOString();
  const ahead = String(Math.floor(offset / 60) * 100 + (offset % 60)).padStart(4, '0');
  const day = `${text.slice(8, 10)}-${text.slice(5, 7)}-${text.slice(0, 4)}`;
  return `${day} ${text.slice(11, 19)},${text.slice(20, 23)} +${ahead}`;
}

function decimal(amount: number, currency: string): string {
  return plainAmount({ amount: BigInt(amount), currency: requireCurrency(currency) }).replace('.', ',');
}

function row(fields: readonly string[]): string {
  return `${csv(fields, ';')}\r\n`;
}

/** Semicolons, decimal commas, one column for what is taken and one for what is given, times and days of Amsterdam. */
export const birchStyle: SettlementStyle = {
  dayOf(at) {
    return new Date(at.getTime() + offsetAt(at.getTime()) * 60_000).toISOString().slice(0, 10);
  },
  fileName: (day, nth) => `BIRCH_${day.replaceAll('-', '')}_${String(nth).padStart(3, '0')}.csv`,
  heading: `${columns}\r\n`,
  line({ kind, id, capture, key, reference, at, gross, fee, currency, payout }) {
    const amount = decimal(Math.abs(gross), currency);
    const sides = gross < 0 ? [amount, ''] : ['', amount];
    const cost = decimal(fee, currency);
    return row([codes[kind], local(at), id, capture, key, reference, currency, ...sides, cost, payout]);
  },
  end: ({ name, at, lines }) => row(['Z99', local(at), name, String(lines), '', '', '', '', '', '', '']),
};
