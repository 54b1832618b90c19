import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Standing } from '#server/checkout/view.ts';
import { makeQuestions } from './questions.ts';
import { checkoutServer } from './testing/checkout-server.ts';

function asking() {
  const shown: Standing['kind'][] = [];
  const show = ({ kind }: Standing) => void shown.push(kind);
  return { shown, ...makeQuestions({ session: 'cs_test_1', show, online: async () => {} }) };
}

for (const way of ['back', 'giveUp'] as const) {
  test(`an answer to ${way} that comes after a newer one is not shown`, { timeout: 10_000 }, async () => {
    await using server = await checkoutServer();
    const { shown, ask, ...ways } = asking();
    const first = ways[way]();
    const older = await server.put(0);
    const second = ask();
    (await server.put(1)).answer({ kind: 'processing' });
    await second;
    older.answer({ kind: 'challenge', url: 'https://bank.example' });
    await first;
    assert.deepEqual([older.procedure, shown], [way, ['processing']]);
  });

  test(`${way} is asked once, and told, and while it is under way nobody glances`, { timeout: 10_000 }, async () => {
    await using server = await checkoutServer();
    const { shown, glance, ...ways } = asking();
    const told = ways[way]();
    const put = await server.put(0);
    glance();
    put.answer({ kind: 'open', declined: null });
    await told;
    const lost = ways[way]();
    (await server.put(1)).response.destroy();
    await lost;
    assert.deepEqual([server.puts.map(({ procedure }) => procedure), shown], [[way, way], ['open']]);
  });
}

test('what an attempt has told is newer than what the bank was asked before it', { timeout: 10_000 }, async () => {
  await using server = await checkoutServer();
  const { shown, learn, back } = asking();
  const asked = back();
  const { answer } = await server.put(0);
  learn({ kind: 'processing' });
  answer({ kind: 'challenge', url: 'https://bank.example' });
  await asked;
  assert.deepEqual(shown, ['processing']);
});
