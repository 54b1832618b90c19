import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { makeLatest } from './latest.ts';

/** Questions whose answers come when the test says so. */
function staged() {
  const questions: { answer: (text: string) => void; fail: () => void; signal: AbortSignal }[] = [];
  const shown: string[] = [];
  const latest = makeLatest<string>({
    question: (signal) =>
      new Promise((answer, reject) => questions.push({ answer, fail: () => reject(new Error('lost')), signal })),
    show: (text) => shown.push(text),
    pause: 0,
  });
  const question = async (index: number) => {
    for (let turns = 0; turns < 50 && !questions[index]; turns++) await turn();
    const found = questions[index];
    assert.ok(found, `question ${index} was asked`);
    return found;
  };
  return { latest, question, questions, shown };
}

test('an older answer that comes late is not shown, and whoever waited for it gets the newest', async () => {
  const { latest, question, shown } = staged();
  const first = latest.ask();
  const second = latest.ask();
  (await question(1)).answer('paid');
  assert.equal(await second, 'paid');
  (await question(0)).answer('open');
  assert.equal(await first, 'paid');
  assert.deepEqual(shown, ['paid']);
});

test('what was heard elsewhere is newer than what was asked before', async () => {
  const { latest, question, shown } = staged();
  const asked = latest.ask();
  latest.learn('paid');
  const { answer, signal } = await question(0);
  assert.ok(signal.aborted);
  answer('processing');
  assert.equal(await asked, 'paid');
  assert.deepEqual(shown, ['paid']);
});

test('a glance asks nothing while a question is under way, and asks again after it', async () => {
  const { latest, question, questions, shown } = staged();
  latest.glance();
  latest.glance();
  (await question(0)).answer('processing');
  await turn();
  assert.equal(questions.length, 1);
  latest.glance();
  (await question(1)).answer('paid');
  await turn();
  assert.deepEqual(shown, ['processing', 'paid']);
});

test('a question without an answer is asked once more; then nobody knows, and the next one is asked as ever', async () => {
  const { latest, question, shown } = staged();
  const helped = latest.ask();
  (await question(0)).fail();
  (await question(1)).answer('open');
  assert.equal(await helped, 'open');
  const lost = latest.ask();
  (await question(2)).fail();
  (await question(3)).fail();
  assert.equal(await lost, undefined);
  const asked = latest.ask();
  (await question(4)).answer('paid');
  assert.equal(await asked, 'paid');
  assert.deepEqual(shown, ['open', 'paid']);
});
