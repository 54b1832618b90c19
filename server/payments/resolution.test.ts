import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Order } from '#server/providers/contract.ts';
import { absent, accepted, paymentsOnDatabase, silence } from './testing/room.ts';

let room: Awaited<ReturnType<typeof paymentsOnDatabase>>;
before(async () => {
  room = await paymentsOnDatabase();
});
after(() => room[Symbol.asyncDispose]());

/** A provider with books of its own, which can be away: every other request then reaches it, and no answer us. */
function provider() {
  const books = new Map<string, Order>();
  let away = false;
  let asked = 0;
  const key = ({ operation, step }: Order) => `${operation}-${step}`;
  return {
    books,
    asked: () => asked,
    goAway(gone: boolean) {
      away = gone;
      if (gone) asked = 0;
    },
    send(order: Order) {
      asked++;
      if (!away || asked % 2) books.set(key(order), order);
      return away ? silence : accepted(order);
    },
    inquire(order: Order) {
      asked++;
      if (away) return silence;
      const done = books.get(key(order));
      return done ? accepted(done) : absent;
    },
  };
}

/** The worker's seconds, one after the other, on virtual time. */
async function seconds(count: number, each: (second: number) => Promise<void> = async () => {}) {
  for (let second = 1; second <= count; second++) {
    room.clock.forward(1_000);
    await room.payments.sweep(100);
    await each(second);
  }
}

const open = () =>
  room.sql<{ id: string; opened_at: Date }[]>`SELECT id, opened_at FROM operations WHERE closed_at IS NULL`;

test('an unknown outcome is found out soon after the provider answers again, and a silent provider is not pestered', async (t) => {
  const acquirer = provider();
  Object.assign(room.script, { send: acquirer.send, inquire: acquirer.inquire });
  acquirer.goAway(true);
  let made = 0;
  await seconds(240, async (second) => {
    if (second % 4 > 0) return;
    await room.paid('automatic');
    made++;
  });
  const away = acquirer.asked();
  acquirer.goAway(false);
  const waiting = new Set((await open()).map(({ id }) => id));
  assert.equal(waiting.size, made);
  const took: number[] = [];
  await seconds(120, async (second) => {
    const left = new Set((await open()).map(({ id }) => id));
    for (const id of waiting) if (!left.has(id) && waiting.delete(id)) took.push(second);
  });
  took.sort((a, b) => a - b);
  const at = (share: number) => took[Math.ceil(took.length * share) - 1] ?? Number.POSITIVE_INFINITY;
  t.diagnostic(`${made} unknown outcomes: found out after ${at(0.5)} s (median), ${at(0.99)} s (p99)`);
  t.diagnostic(`while it was away, ${made} payments asked the provider ${away} times`);
  assert.equal(took.length, made);
  assert.ok(at(0.5) <= 5 && at(0.99) <= 60);
  assert.ok(away <= made + 240 / 2 + made * 0.2, 'one question every two seconds, and hardly any sent twice');
  const [twice] = await room.sql`
    SELECT payment_id FROM operations WHERE kind = 'capture' AND status = 'accepted' GROUP BY payment_id HAVING count(*) > 1`;
  assert.equal(twice, undefined);
  const captures = [...acquirer.books.values()].filter(({ kind }) => kind === 'capture').map(({ payment }) => payment);
  assert.equal(new Set(captures).size, captures.length, 'nobody is charged twice');
});

test('whatever a provider does or leaves undone, within fifteen minutes a payment is at its end or with a person', async () => {
  const fates: (() => typeof silence)[] = [() => silence, () => absent];
  const walks: { fate: (typeof fates)[number]; lost: Order['kind']; id: string }[] = [];
  const begin = async (fate: (typeof fates)[number], lost: Order['kind']) => {
    room.wellAgain();
    room.script.send = (order) => (order.kind === lost ? silence : accepted(order));
    room.script.inquire = fate;
    const { id, intentId } = await room.paid(lost === 'void' ? 'manual' : 'automatic');
    if (lost === 'void') await room.payments.cancel(room.caller, { intentId });
    if (lost === 'refund') await room.payments.refund(room.caller, { paymentId: id });
    walks.push({ fate, lost, id });
  };
  for (const fate of fates)
    for (const lost of ['authorize', 'capture', 'void', 'refund'] as const) await begin(fate, lost);
  const of = new Map(walks.map((walk) => [walk.id, walk]));
  const fateOf = (order: Order) => of.get(order.payment) ?? { fate: () => silence, lost: 'capture' };
  room.script.send = (order) => (order.kind === fateOf(order).lost ? silence : accepted(order));
  room.script.inquire = (order) => fateOf(order).fate();
  await seconds(900);
  for (const { id, lost } of walks) {
    const payment = await room.payments.payment(room.caller, id);
    const unclosed = payment.operations.some(({ closedAt }) => closedAt === null);
    const waits = payment.state === 'capture_pending' || payment.state === 'risk_checked' || unclosed;
    const told = (await room.payments.escalations(room.staff('Olivia'), { open: true })).some(
      (e) => e.paymentId === id,
    );
    assert.ok(!waits || told, `${lost}: ${payment.state}, and nobody was told`);
  }
});
