import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeDice } from '../engine/dice.ts';
import { makeScheduler } from '../engine/scheduler.ts';
import type { FaultKind } from '../faults.ts';
import type { PaymentPlan, ProcessName } from '../plan.ts';
import { planOf } from '../plans/plan-of.ts';
import { makeTally } from '../run/tally.ts';
import type { Reply, Request, World } from '../world/world.ts';
import { makeAnswers } from './answers.ts';
import { type Client, Gone } from './client.ts';
import { send } from './send.ts';
import { toCreate } from './verbs.ts';

type Sent = Request & { to: ProcessName; at: number };

const made: Reply = { status: 200, body: '{"id":"pi_1","status":"requires_payment_method"}' };
const inUse: Reply = { status: 409, body: '{"error":{"type":"idempotency_error","code":"idempotency_key_in_use"}}' };

/** A client before a door that gives these answers in turn, and the last one for ever. */
async function sending(returns: PaymentPlan['returns'], replies: (Reply | undefined)[], struck: FaultKind[] = []) {
  const tally = makeTally();
  const never = () => new Promise<void>(() => {});
  const engine = makeScheduler({ dice: makeDice(1), tally, start: new Date(0), blocked: never });
  const life = engine.begin('client-0');
  const sent: Sent[] = [];
  const killed: ProcessName[] = [];
  const world = {
    engine,
    async call(_, to, request) {
      sent.push({ ...request, to, at: engine.elapsed() });
      const reply = replies[Math.min(sent.length, replies.length) - 1];
      await life.clock.sleep(80);
      return reply;
    },
    kill: (name) => void killed.push(name),
  } as Pick<World, 'engine' | 'call' | 'kill'> as World;
  const [payment] = planOf(1, { payments: 1, faults: 0 }).payments;
  assert(payment);
  const answers = makeAnswers();
  const client: Client = {
    world,
    payment: { ...payment, returns },
    merchant: { id: 'm', key: 'sk' },
    life,
    answers,
    strikes: () => struck,
    isStruck: (kind) => struck.includes(kind),
    next: () => 1,
  };
  let outcome: unknown = 'waits';
  const asked = send(client, toCreate(client)).then(
    (reply) => (outcome = reply),
    (error) => (outcome = error),
  );
  await engine.run(() => outcome !== 'waits', 3_600_000);
  await asked;
  return { sent, outcome, answers: answers.all(), counts: tally.counts(new Set()), killed };
}

test('whoever comes again sends the same key and the same bytes, here or at the other process', async () => {
  for (const [returns, doors] of [
    ['at once', 1],
    ['late', 1],
    ['elsewhere', 2],
  ] as const) {
    const { sent, outcome } = await sending(returns, [undefined, undefined, made]);
    assert.equal(outcome, made);
    assert.equal(sent.length, 3);
    assert.equal(new Set(sent.map(({ body, headers }) => `${headers['idempotency-key']} ${body}`)).size, 1);
    assert.equal(new Set(sent.map(({ to }) => to)).size, doors, returns);
    if (returns === 'late') assert.ok((sent[1]?.at ?? 0) >= 30_000);
  }
});

test('who never comes back is gone at the first lost answer, and the judge reads that nothing was told', async () => {
  const { sent, outcome, answers } = await sending('never', [undefined, made]);
  assert.ok(outcome instanceof Gone);
  assert.equal(sent.length, 1);
  assert.deepEqual([answers[0]?.status, answers[0]?.body, answers[0]?.requestSent], [null, null, true]);
});

test('a key in use is asked for again until it has an answer, for more than the three minutes that it is held', async () => {
  const { sent, outcome } = await sending('never', [...Array.from({ length: 14 }, () => inUse), made]);
  assert.equal(outcome, made);
  assert.ok((sent.at(-1)?.at ?? 0) > 180_000);
});

test('F5: the answer was there and the client has not heard it; it comes again as it is used to', async () => {
  const { sent, outcome, answers, counts } = await sending('at once', [made], ['F5']);
  assert.equal(outcome, made);
  assert.deepEqual(
    answers.map(({ status }) => status),
    [null, 200],
  );
  assert.equal(sent.length, 2);
  assert.equal(counts.F5.took, 1);
});

test('F51: copies go to both processes at once, and it counts when two of them were answered', async () => {
  const { sent, counts } = await sending('at once', [made], ['F51']);
  assert.ok(sent.length >= 2);
  assert.equal(new Set(sent.map(({ at }) => at)).size, 1);
  assert.equal(new Set(sent.map(({ to }) => to)).size, 2);
  assert.equal(counts.F51.took, 1);
});

test('F52: the key comes again with another body, once it has its answer', async () => {
  const no: Reply = { status: 400, body: '{"error":{"type":"idempotency_error"}}' };
  const { sent, answers, counts } = await sending('at once', [made, no], ['F52']);
  assert.equal(counts.F52.took, 1);
  assert.deepEqual(sent.map(({ headers }) => headers['idempotency-key']).length, 2);
  assert.equal(new Set(answers.map(({ bodyHash }) => bodyHash)).size, 2);
  assert.equal(new Set(answers.map(({ idempotencyKey }) => idempotencyKey)).size, 1);
});

test('F53: who serves the request dies over it, and it counts when the answer dies with it', async () => {
  const { killed, sent, counts } = await sending('at once', [undefined, made], ['F53']);
  assert.deepEqual(killed, [sent[0]?.to]);
  assert.equal(counts.F53.took, 1);
});
