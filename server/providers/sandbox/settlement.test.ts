import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Refusal } from '#server/kernel/refusal.ts';
import { type BadLine, type ReadLine, settlementReaderOf } from '../settlement.ts';
import { startSandboxProcess } from '../testing/sandbox-process.ts';

type Name = 'alder' | 'birch';

async function read(name: Name, text: Buffer | string, chunk = 1 << 16): Promise<(ReadLine | BadLine)[]> {
  const bytes = Buffer.from(text);
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, at) =>
    bytes.subarray(at * chunk, (at + 1) * chunk),
  );
  const reader = settlementReaderOf(name);
  assert.ok(reader);
  const lines: (ReadLine | BadLine)[] = [];
  for await (const line of reader(chunks)) lines.push(line);
  return lines;
}

const isBad = (line: ReadLine | BadLine): line is BadLine => 'reason' in line;

/** Numbers from 0 to 1 that are the same each time. */
function chance(seed: number) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const nasty = ['=1+1', '@x', '-2', '"', '""', 'a"b', ',', ';', '\n', '\r\n', 'é€😀', ' ', "'", '\t', 'pay_1', '\ufeff'];

interface Entry {
  at: string;
  kind: 'capture' | 'refund' | 'chargeback';
  id: string;
  key: string;
  capture?: string;
  origin?: 'console';
  amount: number;
  currency: string;
  fee: number;
  reference: string;
}

/** When clocks are put forward and back in Amsterdam. */
const clocks = { spring: '2026-03-29T01:00:00.000Z', autumn: '2026-10-25T01:00:00.000Z' };

/** Ten days of captures, refunds and chargebacks about the hour in which clocks are put forward or back. */
function days(seed: number, size: number, changed: string = clocks.autumn): Entry[] {
  const next = chance(seed);
  const pick = <T>(all: readonly T[]) => all[Math.floor(next() * all.length)] as T;
  const amount = () => Math.floor(99_999_999 ** next());
  const times = Array.from({ length: size }, (_, at) => {
    const off = at < 9 ? (at - 4) * 1_800_000 - (at % 2) : (next() - 0.5) * 10 * 86_400_000;
    return new Date(Date.parse(changed) + off).toISOString();
  }).sort();
  const captures: Entry[] = [];
  return times.map((at, place) => {
    const reference = Array.from({ length: 1 + Math.floor(next() * 4) }, () => pick(nasty)).join('') || 'x';
    const about = captures.length > 0 && next() < 0.4 ? pick(captures) : undefined;
    const of = { at, id: `x_${place}`, key: `key-${place}`, amount: amount(), reference };
    if (about) {
      const kind = next() < 0.7 ? 'refund' : 'chargeback';
      const origin = kind === 'chargeback' ? { origin: 'console' as const } : {};
      return { ...of, kind, capture: about.id, currency: about.currency, fee: 0, ...origin };
    }
    const capture: Entry = { ...of, kind: 'capture', currency: pick(['EUR', 'USD', 'JPY', 'KWD']), fee: amount() };
    captures.push(capture);
    return capture;
  });
}

/** As the journal has it. */
function journalOf(entries: readonly Entry[]): string {
  const rest = { print: 'p', status: 'approved', last4: '4242', rule: 'approve', authorization: 'auth_1' };
  return entries.map((entry) => `${JSON.stringify({ ...rest, ...entry })}\n`).join('');
}

function expected({ at, kind, id, key, capture, origin, amount, currency, fee, reference }: Entry) {
  const net = BigInt(kind === 'capture' ? amount - fee : -amount);
  const names = { ref: id, captureRef: capture ?? null, key: origin ? null : key, reference };
  return { kind, ...names, amount: BigInt(amount), fee: BigInt(fee), net, currency, occurredAt: new Date(at) };
}

for (const [name, season] of [
  ['alder', 'autumn'],
  ['birch', 'spring'],
  ['birch', 'autumn'],
] as const) {
  test(`${name}, ${season}: what its books hold is read from its files as it was, in chunks of any size`, async (t) => {
    const entries = days(name.length, 1_500, clocks[season]);
    const sandbox = await startSandboxProcess(name, { journal: journalOf(entries) });
    t.after(() => sandbox.stop());
    const files = await sandbox.settlements();
    const found: ReadLine[] = [];
    for (const [at, file] of files.entries()) {
      const lines = await read(name, await sandbox.settlement(file.name), 1 + (at % 5) * 97);
      assert.deepEqual(lines.filter(isBad), []);
      found.push(...(lines as ReadLine[]));
    }
    const ours = found.filter(({ kind }) => ['capture', 'refund', 'chargeback'].includes(kind));
    assert.deepEqual(
      ours.map(({ line, raw, payoutRef, ...rest }) => rest),
      entries.map(expected),
    );
    assert.equal(
      found.filter(({ kind }) => kind === 'fee').length,
      ours.filter(({ kind }) => kind === 'chargeback').length,
    );
    const payouts = Map.groupBy(found, ({ payoutRef }) => payoutRef);
    assert.ok(payouts.size > 30);
    for (const [ref, lines] of payouts) {
      assert.equal(
        lines.reduce((sum, { net }) => sum + net, 0n),
        0n,
        `${ref} comes to what is paid out`,
      );
      assert.equal(lines.filter(({ kind }) => kind === 'payout').length, 1);
    }
  });
}

for (const name of ['alder', 'birch'] as const) {
  test(`${name}: a line that was cut in half is quarantined alone, with its number`, async (t) => {
    const sandbox = await startSandboxProcess(name, { journal: journalOf(days(7, 80)) });
    t.after(() => sandbox.stop());
    await sandbox.pull({ fault: 'settlement_malformed', times: 30 });
    const all = [];
    for (const file of await sandbox.settlements()) all.push(await read(name, await sandbox.settlement(file.name)));
    const bad = all.flat().filter(isBad);
    const whole = all.flat().length - bad.length;
    assert.ok(bad.length >= 30, `${bad.length} lines`);
    assert.ok(whole >= 40, 'later files are whole, and so is all else in the first');
    for (const { line, reason } of bad) assert.ok(line > 1 && /^[a-z].{10,}/.test(reason), reason);
  });
}

// biome-ignore format: a heading is one line
const headings = {
  alder: 'kind,id,capture_id,key,reference,created,gross,fee,net,currency,payout_id',
  birch: 'code;booked_at;transaction;original;merchant_key;merchant_ref;ccy;debit;credit;cost;settlement',
};
const alderLine = 'capture,cap_1,,k-1,pay_1,2026-11-20T23:30:00.250Z,1250,43,1207,EUR,po_1';
const alderEnd = 'end,a.csv,,,,2026-11-21T00:00:00.000Z,1,,,,';
const birchLine = 'B10;21-11-2026 00:30:00,250 +0100;cap_1;;k-1;pay_1;EUR;;12,50;0,43;po_1';
const birchEnd = 'Z99;22-11-2026 00:00:00,000 +0100;b.csv;1;;;;;;;';

test('one line, by hand, at both', async () => {
  const told = { line: 2, kind: 'capture', ref: 'cap_1', captureRef: null, key: 'k-1', reference: 'pay_1' };
  const money = { amount: 1250n, fee: 43n, net: 1207n, currency: 'EUR' };
  const rest = { ...told, ...money, occurredAt: new Date('2026-11-20T23:30:00.250Z'), payoutRef: 'po_1' };
  assert.deepEqual(await read('alder', `${headings.alder}\n${alderLine}\n${alderEnd}\n`), [
    { ...rest, raw: alderLine },
  ]);
  const birch = await read('birch', `\ufeff${headings.birch}\r\n${birchLine}\r\n${birchEnd}`);
  assert.deepEqual(birch, [{ ...rest, raw: birchLine }]);
});

// biome-ignore format: one slip per line
const slips: [name: Name, slip: string, from: string, to: string, says: RegExp][] = [
  ['alder', 'an unknown kind', 'capture,', 'sale,', /its kind "sale" is not known/],
  ['alder', 'an unknown currency', 'EUR', 'XYZ', /its currency "XYZ" is not known/],
  ['alder', 'a decimal amount', '1250', '12.50', /its gross "12.50" is no whole number/],
  ['alder', 'an amount with an exponent', '1250', '1e3', /is no whole number/],
  ['alder', 'a net that does not add up', '1207', '1208', /its net 1208 is not its gross 1250 less its fee 43/],
  ['alder', 'a fee below nothing', '1250,43,1207', '1250,-43,1293', /its fee "-43" is below nothing/],
  ['alder', 'a capture that takes', '1250,43,1207', '-1250,43,-1293', /a capture that gives nothing/],
  ['alder', 'a refund that gives', 'capture,cap_1,,k-1', 'refund,ref_1,,k-1', /a refund that gives/],
  ['alder', 'a day that no month has', '2026-11-20', '2026-02-30', /is no moment/],
  ['alder', 'a time without its zone', '.250Z', '.250', /is no moment/],
  ['alder', 'a column too few', ',po_1', '', /it has 10 columns, and the heading has 11/],
  ['alder', 'a quote in the midst', 'pay_1', 'pay"1', /a quote stands where none may stand/],
  ['alder', 'a quote that stays open', 'pay_1', '"pay_1', /a quote is opened and never closed/],
  ['alder', 'a NUL', 'pay_1', 'pay\0', /no text in UTF-8/],
  ['birch', 'an unknown code', 'B10', 'B11', /its code "B11" is not known/],
  ['birch', 'a point', '12,50', '12.50', /its credit "12.50" is no amount in EUR/],
  ['birch', 'a decimal too many', '12,50', '12,505', /is no amount in EUR/],
  ['birch', 'a comma without decimals', '12,50', '12,', /is no amount in EUR/],
  ['birch', 'both sides', ';;12,50', ';1,00;12,50', /a debit or a credit, and not both/],
  ['birch', 'neither side', '12,50', '', /a debit or a credit, and not both/],
  ['birch', 'a sign', '12,50', '-12,50', /an amount in it has a sign/],
  ['birch', 'a day that no month has', '21-11-2026', '31-11-2026', /its booked_at .* is no moment/],
  ['birch', 'an hour that no day has', '00:30:00', '25:30:00', /its booked_at .* is no moment/],
];

for (const [name, slip, from, to, says] of slips) {
  test(`${name}: ${slip} is quarantined, and the line after it is read`, async () => {
    const [good, end] = name === 'alder' ? [alderLine, alderEnd] : [birchLine, birchEnd];
    const [bad, next, ...more] = await read(name, `${headings[name]}\n${good.replace(from, to)}\n${good}\n${end}\n`);
    assert.ok(bad && isBad(bad) && next && !isBad(next));
    assert.match(bad.reason, says);
    assert.deepEqual([bad.line, next.line, next.ref, more], [2, 3, 'cap_1', []]);
  });
}

test('a heading that is another one, or none, refuses the whole file and names both', async () => {
  for (const text of [headings.birch, alderLine, '', '\n\n', '{"a":1}', headings.alder.replace('gross', 'Gross')]) {
    await assert.rejects(read('alder', text), (no: Refusal) => no.code === 'invalid_input' && no.message.length < 500);
  }
  await assert.rejects(read('birch', `${headings.alder}\n`), /must be "code;booked_at.*", and is "kind,id/);
});

test('a file that was cut off is told from a whole one, and so are lines after its end', async () => {
  const lines = async (rest: string) => read('alder', `${headings.alder}\n${alderLine}\n${rest}`);
  const [, cut] = await lines('');
  assert.ok(cut && isBad(cut));
  assert.deepEqual([cut.line, cut.reason], [3, 'the file ends after 1 lines without its last: it was cut off']);
  const [, after] = await lines(`${alderEnd}\n${alderLine}\n`);
  assert.ok(after && isBad(after));
  assert.deepEqual([after.line, after.reason], [4, 'it stands after the end in line 3']);
});

test('a provider without a reader has none', () => {
  for (const name of ['maple', 'toString', '']) assert.equal(settlementReaderOf(name), undefined);
});
