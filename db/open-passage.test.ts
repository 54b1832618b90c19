import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PerformanceObserver } from 'node:perf_hooks';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openPassage, type Passage, passageOf, places } from './failpoints.ts';

// In production nobody stands at the failpoints, and nothing from outside can put anybody there.

const root = join(import.meta.dirname, '..');
const product = globSync('{app,components,server,db,deploy}/**/*.{ts,tsx,mjs,cjs}', { cwd: root })
  .concat(globSync('*.{ts,js}', { cwd: root }))
  .filter((file) => !/\.test\.ts$|\/testing\/|^deploy\/check\//.test(file))
  .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));

/** The way from a process's program down to the seam: each hands on what it was handed. */
const way = [
  'db/failpoints.ts',
  'db/transaction.ts',
  'server/api/run.ts',
  'server/composition/rooms.ts',
  'server/jobs/run.ts',
  'server/payments/make.ts',
  'server/trpc/make-rooms.ts',
];

test('only the way down to the seam knows of failpoints, and makes none', () => {
  assert.ok(product.length > 400, 'the sources were found');
  const knowing = product.filter(({ text }) => /failpoint\b/i.test(text));
  assert.deepEqual(knowing.map(({ file }) => file).toSorted(), way);
  for (const { file, text } of knowing) {
    assert.doesNotMatch(text, /process\.env/, `${file} reads the environment`);
    assert.doesNotMatch(
      text,
      /failpoint(?::|\s*=)\s*(?:async\b|function\b|\([^)]*\)\s*=>|\w+\s*=>)/,
      `${file} makes one`,
    );
  }
});

test('the programs of production put nobody at a failpoint', () => {
  const start = /(?<!function )\b(?:runApi|runWorker|makeRooms)\(.*/g;
  const starts = product.flatMap(({ file, text }) => (text.match(start) ?? []).map((call) => [file, call]));
  assert.deepEqual(starts.toSorted(), [
    ['app/rooms.ts', 'makeRooms(process.env));'],
    ['server/api/main.ts', 'runApi();'],
    ['server/jobs/main.ts', 'runWorker();'],
  ]);
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const programs = ['web', 'api', 'vault', 'worker', 'sandbox'].map((name) => scripts[name]?.replace('node ', ''));
  for (const program of programs) {
    assert.ok(product.some(({ file }) => file === program));
    assert.ok(!way.includes(String(program)));
  }
});

test('no setting is read that a test kills by', () => {
  const fate = /FLORIN_TEST_FATE|FAILPOINT/;
  assert.match(readFileSync(join(root, 'server/api/testing/mortal-api.ts'), 'utf8'), fate);
  assert.deepEqual(
    product.filter(({ text }) => fate.test(text)).map(({ file }) => file),
    [],
  );
});

test('where nobody stands every passage is one and the same constant, and passing makes no garbage', async (t) => {
  assert.equal(passageOf(), openPassage);
  assert.equal(passageOf(undefined), openPassage);
  assert.equal(openPassage('payments.commit', 'before'), undefined);
  let last = '';
  const open = await passed(openPassage);
  const keep = (name: string) => {
    last = name;
  };
  const watched = await passed(passageOf(keep));
  t.diagnostic(`open: ${open.nanoseconds.toFixed(2)} ns and ${open.collections} collections in 10 million`);
  t.diagnostic(`watched: ${watched.nanoseconds.toFixed(2)} ns and ${watched.collections} collections`);
  assert.equal(last, 'payments.commit:begin');
  assert.ok(watched.collections >= 20, 'garbage would be seen');
  // One or two are of what the test itself has left behind.
  assert.ok(open.collections * 10 < watched.collections);
});

/** Passes 10 million times: how long one took, and how often garbage had to be collected meanwhile. */
async function passed(pass: Passage) {
  const seen: unknown[] = [];
  const observer = new PerformanceObserver((list) => void seen.push(...list.getEntries()));
  observer.observe({ entryTypes: ['gc'] });
  const times = 10_000_000;
  const began = performance.now();
  for (let n = times - 1; n >= 0; n--) pass('payments.commit', places[n % 3] ?? 'begin');
  const nanoseconds = ((performance.now() - began) * 1e6) / times;
  // Collections are told of in a later turn.
  await sleep(20);
  observer.disconnect();
  return { nanoseconds, collections: seen.length };
}
