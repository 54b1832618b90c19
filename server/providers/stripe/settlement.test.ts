import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BadLine, type ReadLine, settlementReaderOf } from '../settlement.ts';

async function read(text: string): Promise<(ReadLine | BadLine)[]> {
  const lines: (ReadLine | BadLine)[] = [];
  for await (const line of settlementReaderOf('stripe')?.([Buffer.from(text)]) ?? []) lines.push(line);
  return lines;
}

const heading =
  'balance_transaction_id,created_utc,created,currency,gross,fee,net,reporting_category,source_id,description,charge_id,payment_intent_id,automatic_payout_id,payment_metadata[florin_capture],payment_metadata[florin_reference],refund_metadata[florin_key]';
const row = (category: string, money: string, rest: string) =>
  `txn_1,2026-11-20 23:30:05,2026-11-21 00:30:05,eur,${money},${category},${rest}`;

test('charges, refunds, disputes, payouts and fees are read in our words, with our marks where they are', async () => {
  const lines = await read(
    [
      heading,
      row('charge', '12.50,0.43,12.07', 'ch_1,"a, b",ch_1,pi_1,po_1,op-1,pay_1,'),
      row('refund', '-2.5,0,-2.50', 're_1,,ch_1,pi_1,po_1,op-1,pay_1,op-2'),
      row('refund_failure', '2.50,0.00,2.50', 'pyr_1,,ch_1,pi_1,po_1,op-1,pay_1,'),
      row('dispute', '-12.50,15.00,-27.50', 'dp_1,,ch_1,pi_1,po_1,op-1,pay_1,'),
      row('dispute_reversal', '12.50,-15.00,27.50', 'dp_1,,ch_1,pi_1,po_1,,,'),
      row('fee', '-1.00,0.00,-1.00', ',Radar,,,po_1,,,'),
      row('payout', '-15.43,0.00,-15.43', 'po_1,,,,,,,'),
    ].join('\r\n'),
  );
  const good = lines.filter((line): line is ReadLine => !('reason' in line));
  assert.equal(good.length, lines.length);
  assert.deepEqual(
    good.map(({ kind, ref, captureRef, key, amount, fee, net, payoutRef }) => [
      ...[kind, ref, captureRef, key, amount, fee, net, payoutRef],
    ]),
    [
      ['capture', 'ch_1', null, 'op-1', 1250n, 43n, 1207n, 'po_1'],
      ['refund', 're_1', 'ch_1', 'op-2', 250n, 0n, -250n, 'po_1'],
      ['refund_returned', 'pyr_1', 'ch_1', null, 250n, 0n, 250n, 'po_1'],
      ['chargeback', 'dp_1', 'ch_1', null, 1250n, 1500n, -2750n, 'po_1'],
      ['adjustment', 'dp_1', 'ch_1', null, 1250n, 0n, 2750n, 'po_1'],
      ['fee', 'txn_1', null, null, 100n, 0n, -100n, 'po_1'],
      ['payout', 'po_1', null, null, 1543n, 0n, -1543n, 'po_1'],
    ],
  );
  assert.ok(good.every(({ occurredAt }) => occurredAt.toISOString() === '2026-11-20T23:30:05.000Z'));
  assert.equal(good[0]?.reference, 'pay_1');
  assert.equal(
    good.reduce((sum, { net }) => sum + net, 0n),
    1207n - 250n + 250n - 2750n + 2750n - 100n - 1543n,
  );
});

test('columns may come in any order and be few; a currency without decimals has none', async () => {
  const text =
    'net,fee,gross,currency,created,reporting_category,source_id,balance_transaction_id\n457,43,500,jpy,2026-11-20 23:30,charge,ch_1,txn_1\n';
  const [line] = await read(text);
  assert.ok(line && !('reason' in line));
  assert.deepEqual([line.amount, line.fee, line.currency, line.key, line.payoutRef], [500n, 43n, 'JPY', null, null]);
});

test('a report without what is needed is refused, and names what is missing; a line that is wrong is quarantined', async () => {
  await assert.rejects(
    read('id,gross\n'),
    /lacks: balance_transaction_id, currency, fee, net, reporting_category, source_id, created_utc/,
  );
  const [wrong, decimal, moment] = await read(
    `${heading}\n${row('charge', '12.50,0.43,12.08', 'ch_1,,ch_1,pi_1,po_1,,,')}\n${row('charge', '12.505,0,12.505', 'ch_1,,,,,,,')}\n${row('charge', '1.00,0.00,1.00', 'ch_1,,,,,,,').replace('2026-11-20 23:30:05', '20.11.2026')}\n`,
  );
  assert.ok(wrong && 'reason' in wrong && decimal && 'reason' in decimal && moment && 'reason' in moment);
  assert.match(wrong.reason, /its net is not its gross less its fee/);
  assert.match(decimal.reason, /its gross "12.505" is no amount in EUR/);
  assert.match(moment.reason, /its created "20.11.2026" is no moment/);
});
