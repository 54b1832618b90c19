import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { withContext } from './context.ts';
import { makeLog } from './log.ts';

const card = '4242424242424242';
const written = [card, '4242 4242 4242 4242', '4242-4242-4242-4242', '3782 822463 10005', '6304000000000000'];

function listen() {
  const lines: string[] = [];
  const log = makeLog('test', { level: 'debug', write: (line) => void lines.push(line) });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? 'null') };
}

/** Everything a strange caller could hand in; the type is silenced as a careless cast would silence it. */
const careless = (fields: Record<string, unknown>) => fields as { payment?: unknown };

test('a field off the list leaves its name behind and never its value', () => {
  const { log, lines, last } = listen();
  log.info(careless({ payment: 'p1', body: { number: 'secret-value' }, email: 'a@secret-value.test' }), 'hello');
  assert.equal(last().body, '[dropped]');
  assert.equal(last().email, '[dropped]');
  assert.equal(last().payment, 'p1');
  assert.equal(lines.join().includes('secret-value'), false);
});

test('names that every object has are not on the list', () => {
  const { log, last } = listen();
  log.info(careless({ constructor: 'x', toString: 'y' }), 'hello');
  assert.equal(last().constructor, '[dropped]');
  assert.equal(last().toString, '[dropped]');
});

for (const number of written) {
  test(`a card number written as ${number.replaceAll(/\d/g, '9')} never comes out`, () => {
    const { log, lines } = listen();
    const cause = Object.assign(new Error(`cause ${number}`), { code: number, detail: number });
    const error = new Error(`failed for ${number}`, { cause });
    log.info({}, `paying with ${number} now`);
    log.info(
      { reason: number, payment: number, amount: Number(card), count: BigInt(card), url: `http://h/${card}` },
      'x',
    );
    log.info(careless({ reason: { nested: { number } }, status: [number], [number]: 1 }), 'nested');
    log.error({ error }, 'failed');
    log.error({ error: number }, 'a thrown text');
    log.error({ error: Object.assign(new Error('x'), { name: number, stack: `    at ${number}` }) }, 'odd');
    log.child({ step: number }).info({}, 'child');
    withContext({ session: number }, () => log.info({}, 'context'));
    assert.equal(lines.length, 8);
    assert.equal(lines.join('\n').includes(number), false);
    assert.equal(lines.join('\n').replaceAll(/[\s-]/g, '').includes(card), false);
  });
}

test('a card number among other groups of digits is found, and our ids, dates and amounts are left alone', () => {
  const { log, last } = listen();
  log.info({}, 'order 1 4242 4242 4242 4242 12 99');
  assert.equal(last().message, 'order [redacted]');
  log.info({}, `track ${card}991210000000`);
  assert.equal(last().message, 'track [redacted]');
  // The second holds twelve digits that pass Luhn, as one id in some does.
  for (const text of [
    '2026-11-21 at 12:30, 1250 EUR',
    '01935e2a-0000-7000-8000-000000000000',
    'number 4242424242424241',
  ]) {
    log.info({ reason: text }, text);
    assert.equal(last().message, text);
    assert.equal(last().reason, text);
  }
});

test("an error is written as name, code, message and frames, without a failed query's parameters", () => {
  const { log, last, lines } = listen();
  const cause = Object.assign(new Error('duplicate key'), {
    code: '23505',
    constraint_name: 'staff_email',
    detail: 'ann',
  });
  log.error({ error: new Error('Failed query: select $1\nparams: ann@harbour.test', { cause }) }, 'failed');
  assert.equal(last().error.message, 'Failed query: select $1');
  assert.match(last().error.stack, /log\.test\.ts/);
  assert.equal(last().error.cause.code, '23505');
  assert.equal(last().error.cause.constraint, 'staff_email');
  assert.equal(lines.join().includes('ann'), false);
});

test('long texts are cut and line breaks cannot forge a second line', () => {
  const { log, last, lines } = listen();
  log.info({ reason: 'x'.repeat(5000) }, `${'y'.repeat(5000)}`);
  assert.equal(last().reason.length, 200);
  assert.equal(last().message.length, 1000);
  log.info({ reason: 'a\n{"level":"error"}' }, 'b\n{"level":"error"}');
  assert.equal(lines.at(-1)?.trimEnd().includes('\n'), false);
});

test('the payment of the context is on every line written in it, across awaits, and on none outside', async () => {
  const { log, lines } = listen();
  const one = (payment: string) =>
    withContext({ payment }, async () => {
      await sleep(1);
      await withContext({ operation: `${payment}-op` }, async () => log.child({ step: 1 }).info({}, payment));
    });
  await Promise.all([one('p1'), one('p2')]);
  log.info({}, 'outside');
  const said = lines.map((line) => JSON.parse(line));
  for (const line of said.slice(0, 2)) {
    assert.equal(line.payment, line.message);
    assert.equal(line.operation, `${line.message}-op`);
  }
  assert.equal(said[2].payment, undefined);
});

test('a line below the level is not written', () => {
  const lines: string[] = [];
  makeLog('test', { level: 'warn', write: (line) => void lines.push(line) }).info({}, 'quiet');
  assert.deepEqual(lines, []);
});

test('a module that is loaded twice shares its context, as Next loads one per bundle', async () => {
  const { log, last } = listen();
  const again: typeof import('./context.ts') = await import(`./context.ts?${'again'}`);
  assert.notEqual(again.withContext, withContext);
  again.withContext({ payment: 'p1' }, () => log.info({}, 'hello'));
  assert.equal(last().payment, 'p1');
});
