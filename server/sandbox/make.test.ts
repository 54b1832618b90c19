import assert from 'node:assert/strict';
import { test } from 'node:test';
import inject from 'light-my-request';
import { systemClock } from '#server/kernel/clock.ts';
import { Secret, systemRandom } from '#server/kernel/secret.ts';
import { makeLog } from '#server/observability/log.ts';
import { type Journal, makeSandbox } from './make.ts';
import { authorization, freshKey } from './testing/acquirer.ts';

const memory: Journal = {
  append: async () => {},
  settled: async () => {},
  sound: () => true,
  close: async () => {},
};

function room() {
  let now = Date.parse('2026-11-21T09:00:00Z');
  const made = makeSandbox({
    name: 'alder',
    key: new Secret('k'),
    fees: { basisPoints: 140, fixed: 25 },
    mode: 'test',
    clock: { ...systemClock, now: () => new Date(now) },
    random: systemRandom,
    log: makeLog('alder', { write: () => {} }),
    journal: memory,
    past: [],
    challengeUrl: (id) => `https://bank.example/challenges/${id}`,
  });
  const headers = { authorization: 'Bearer k' };
  return {
    ...made,
    pass(ms: number) {
      now += ms;
    },
    now: () => new Date(now),
    async authorize(key: string): Promise<boolean> {
      const request = { method: 'POST', url: '/authorizations', payload: authorization() } as const;
      const answer = await inject(made.handler, { ...request, headers: { ...headers, 'idempotency-key': key } });
      assert.equal(answer.statusCode, 201);
      return answer.headers['idempotent-replayed'] === 'true';
    },
    async ask(key: string): Promise<string> {
      const answer = await inject(made.handler, { method: 'GET', url: `/operations/${key}`, headers });
      return (answer.json() as { status: string }).status;
    },
  };
}

test('without a port and without a file it answers at its door as ever', async () => {
  const { authorize, ask, effects, close } = room();
  const key = freshKey();
  assert.deepEqual([await authorize(key), await authorize(key), await ask(key)], [false, true, 'approved']);
  assert.equal(effects().length, 1);
  await close();
});

test('keys that are too old act anew, younger ones do not, and inquiries find what either has done', async () => {
  const { authorize, ask, effects, expireKeys, pass, now } = room();
  const [old, young] = [freshKey(), freshKey()];
  await authorize(old);
  pass(60_000);
  await authorize(young);
  expireKeys(new Date(now().getTime() - 30_000));
  assert.deepEqual([await ask(old), await ask(young)], ['approved', 'approved']);
  assert.deepEqual([await authorize(old), await authorize(young)], [false, true]);
  // What was done anew is remembered as what is new.
  assert.equal(await authorize(old), true);
  assert.equal(effects().length, 3);
});
