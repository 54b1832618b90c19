import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Bench, Case } from './case.ts';
import { live } from './cases/life.ts';
import { lifecycle } from './cases/lifecycle.ts';
import { chosen } from './cases.ts';
import { asAdmin } from './house/databases.ts';
import { examined } from './house/examined.ts';
import { openStage } from './house/stage.ts';
import { type Options, readOptions } from './options.ts';
import { inWords } from './report/report.ts';
import { run } from './run.ts';

async function options(words: readonly string[] = []): Promise<Options> {
  return { ...readOptions(['--quick', ...words]), folder: await mkdtemp(join(tmpdir(), 'florin-bench-test-')) };
}

test('a tiny run measures payments beside the baseline, commits on the disk, and the doctor is content', async (t) => {
  const told = await options(['--seconds', '0.4']);
  t.after(() => rm(told.folder, { recursive: true, force: true }));
  const said: string[] = [];
  const report = await run([lifecycle], told, (line) => said.push(line));
  assert.deepEqual(report.breaches, []);
  assert.equal(report.settings.fsync, 'on');
  assert.equal(report.settings.synchronous_commit, 'on');
  const [hundred, ...others] = report.cases[0]?.figures ?? [];
  assert.ok(hundred && hundred.value > 0 && hundred.ratio !== undefined && hundred.ratio > 0);
  assert.ok(others.length >= 5 && others.every(({ value }) => value > 0));
  const { 'cores node': node, 'cores postgres': postgres, p99 } = hundred.details ?? {};
  assert.ok(Number(node) > 0 && Number(postgres) > 0 && Number(p99) > 0);
  assert.equal(said.filter((line) => /^doctor: \d\d+ invariants hold, 0 breaches/.test(line)).length, 2);
  assert.match(inWords(report), /100 clients +[\d,.]+ +payments\/s +[\d,.]+ +[\d.]+ ×/);
});

/** Moves a payment past the mover, as no process may: what is measured on such a database says nothing. */
const tampering: Case = {
  name: 'tampering',
  measures: 'nothing',
  async run(bench: Bench) {
    const stage = await openStage(bench, { merchants: 1 });
    await live(stage, 0);
    await asAdmin(stage.database.url('owner'), async (sql) => {
      await sql`SET session_replication_role = replica`;
      await sql`UPDATE payments SET captured = captured - 1`;
    });
    await examined(bench, stage.database);
    await stage.close();
    return [
      { what: 'nothing', unit: 's', rounds: [2, 9, 4], beside: [1, 3, 2], goals: [{ of: 'ratio', atLeast: 2.5 }] },
    ];
  },
};

test('a run on a database that is wrong says so, and a goal that is missed is told as missed', async (t) => {
  const told = await options();
  t.after(() => rm(told.folder, { recursive: true, force: true }));
  const report = await run([tampering], told, () => {});
  assert.ok(report.breaches.length > 0);
  const words = inWords(report);
  assert.match(words, /Broken:\n/);
  assert.match(words, /Missed:\n {2}tampering, nothing: 2 ×, and not ≥ 2\.5 ×/);
  const [figure] = report.cases[0]?.figures ?? [];
  assert.equal(figure?.value, 4);
  assert.equal(figure?.ratio, 2);
});

test('a case is named by its name, and a word that is none is refused', () => {
  assert.deepEqual(
    chosen(['saga', 'lifecycle']).map(({ name }) => name),
    ['saga', 'lifecycle'],
  );
  assert.throws(() => chosen(['sagas']), /There is no case sagas: name lifecycle, /);
  assert.throws(() => readOptions(['--seconds', 'many']), /--seconds is a number/);
});
