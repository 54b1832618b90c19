import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Report } from './report.ts';
import { run } from './run.ts';
import { tableOf } from './table.ts';

// A bounded run: the long one is `npm run chaos`, and its figures stand in the README beside this.

test('processes die in the midst of their work, the database and the wires fail, and the books agree', {
  timeout: 280_000,
}, async (t) => {
  const report = await run({
    seed: 1,
    clients: 8,
    within: 60_000,
    restWithin: 150_000,
    // Other tests run beside this one: the long run has the machine for itself, and holds to 10 and 15 seconds.
    bounds: { process: 30_000, database: 30_000 },
    isHasty: true,
    isDurable: false,
    tell: (line) => t.diagnostic(line),
    pace: {
      kills: 25,
      killEvery: 600,
      stops: 1,
      stopEvery: 8,
      randomKillEvery: 7,
      freezeEvery: 10,
      frozenFor: [1_000, 4_000],
      backendEvery: 2,
      cutEvery: 0.4,
      allAtOnceEvery: 0,
    },
  });
  t.diagnostic(tableOf(report));
  assert.deepEqual(report.breaches, []);
  assert.deepEqual(report.failures, []);
  assert.ok(report.deaths >= 25, `${report.deaths} deaths, each with an operation in flight`);
  for (const fault of ['F28', 'F29', 'vault to alder', 'api, worker to PostgreSQL']) {
    assert.ok(took(report, fault) > 0, `${fault} took effect`);
  }
});

/** How often faults that are named so have taken effect. */
function took({ faults }: Report, word: string): number {
  const mine = Object.entries(faults).filter(([name]) => name.includes(word));
  return mine.reduce((sum, [, { took }]) => sum + took, 0);
}
