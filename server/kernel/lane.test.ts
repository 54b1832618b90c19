import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { systemClock } from './clock.ts';
import { together } from './lane.ts';

const seams = {
  clock: systemClock,
  width: 1,
  limit: 3,
  patience: 0,
  isOfOne: (error: unknown) => error instanceof RangeError,
};

/** Doubles what it is asked, keeps each batch, and answers no batch before it is let. */
function doubling(told: { isBroken?: (n: number) => boolean; broken?: Error } = {}) {
  const { isBroken = () => false, broken = new RangeError('odd') } = told;
  const batches: (readonly number[])[] = [];
  const doors: (() => void)[] = [];
  return {
    batches,
    answerAll: () => {
      for (const open of doors.splice(0)) open();
    },
    async ask(questions: readonly number[]): Promise<number[]> {
      batches.push(questions);
      await new Promise<void>((open) => doors.push(open));
      if (questions.some(isBroken)) throw broken;
      return questions.map((n) => 2 * n);
    },
  };
}

async function answered<T>(work: Promise<T>, answerAll: () => void): Promise<T> {
  let over = false;
  void work.finally(() => {
    over = true;
  });
  while (!over) {
    answerAll();
    await turn();
  }
  return work;
}

test('those who ask in one turn share a question, and each hears its own answer', async () => {
  const { ask, batches, answerAll } = doubling();
  const double = together(seams, ask);
  const all = Promise.all([1, 2, 3].map(double));
  assert.deepEqual(await answered(all, answerAll), [2, 4, 6]);
  assert.deepEqual(batches, [[1, 2, 3]]);
});

test('who is alone is asked for at the end of the turn', async () => {
  const { ask, batches, answerAll } = doubling();
  const alone = together(seams, ask)(1);
  await turn();
  assert.deepEqual(batches, [[1]]);
  assert.equal(await answered(alone, answerAll), 2);
});

test('while all places are taken those who come are gathered, at most so many in one batch', async () => {
  const { ask, batches, answerAll } = doubling();
  const double = together(seams, ask);
  const first = double(1);
  await turn();
  const rest = [2, 3, 4, 5].map(double);
  await turn();
  assert.deepEqual(batches, [[1]]);
  assert.deepEqual(await answered(Promise.all([first, ...rest]), answerAll), [2, 4, 6, 8, 10]);
  assert.deepEqual(batches, [[1], [2, 3, 4], [5]]);
});

test('no answer is older than its question: who comes while one is under way is not answered by it', async () => {
  let value = 'old';
  const { promise: sent, resolve: send } = Promise.withResolvers<void>();
  const read = together<null, string>(seams, async (questions) => {
    const seen = value;
    await sent;
    return questions.map(() => seen);
  });
  const early = read(null);
  await turn();
  value = 'new';
  const late = read(null);
  send();
  assert.deepEqual(await Promise.all([early, late]), ['old', 'new']);
});

test('who breaks the batch hears it alone, and its neighbours hear their answers', async () => {
  const { ask, answerAll } = doubling({ isBroken: (n) => n === 2 });
  const double = together(seams, ask);
  const heard = await answered(Promise.allSettled([1, 2, 3].map(double)), answerAll);
  assert.deepEqual(
    heard.map((one) => (one.status === 'fulfilled' ? one.value : one.reason.message)),
    [2, 'odd', 6],
  );
});

test('an error that is nobody’s own is heard by all, and the question is not put again', async () => {
  const { ask, batches, answerAll } = doubling({ isBroken: (n) => n === 2, broken: new Error('gone') });
  const double = together(seams, ask);
  const heard = await answered(Promise.allSettled([1, 2, 3].map(double)), answerAll);
  assert.ok(heard.every(({ status }) => status === 'rejected'));
  assert.equal(batches.length, 1);
});

test('a question that is never answered is given up, and its place is free for the next one', async () => {
  let hangs = true;
  const ask = (questions: readonly number[]) => (hangs ? new Promise<number[]>(() => {}) : [...questions]);
  const same = together({ ...seams, patience: 20 }, async (questions: readonly number[]) => ask(questions));
  // The clock's timers hold no process awake.
  const awake = setTimeout(() => {}, 1_000);
  await assert.rejects(same(1), { code: 'unavailable' });
  hangs = false;
  assert.equal(await same(2), 2);
  clearTimeout(awake);
});
