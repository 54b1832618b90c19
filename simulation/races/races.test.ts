import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { storyOf } from './report.ts';
import { playScene } from './run.ts';
import { scenes, unguarded } from './scenes.ts';
import { playSideBySide } from './side-by-side.ts';
import { openCluster, openStage } from './stage.ts';
import { lineOfNoticed, noticedWithin, playUnguarded } from './without-guards.ts';

const run = promisify(execFile);
let cluster: Awaited<ReturnType<typeof openCluster>>;
before(async () => {
  cluster = await openCluster();
});
after(() => cluster.stop());

test('six hundred schedules of six scenes break nothing, and are not the same', async () => {
  const parts = scenes.map(({ name }) => ({ scene: name, from: 1, schedules: 100 }));
  const reports = await playSideBySide(parts, 2);
  const broken = reports.flatMap((report) => report.broken);
  assert.deepEqual(broken.map(storyOf), []);
  for (const { scene, schedules, traces, beside } of reports) {
    assert.equal(schedules, 100, scene);
    assert.ok(new Set(traces).size > 95, `${scene}: ${new Set(traces).size} distinct`);
    assert.ok(beside > schedules, `${scene}: ${beside} statements beside an open transaction`);
  }
  const waits = reports.reduce((sum, report) => sum + report.waits, 0);
  assert.ok(waits > 0, 'somebody waited for a lock');
});

test('a run that is ended early has played the same seeds of every scene', async () => {
  const parts = ['refunds', 'one-key'].map((scene) => ({ scene, from: 501, schedules: 1_000 }));
  let news = 0;
  const heard = () => {
    news += 1;
  };
  const reports = await playSideBySide(parts, 1, { heard, isOver: () => news > 0 });
  assert.deepEqual(
    reports.map(({ scene, schedules }) => [scene, schedules]),
    [
      ['refunds', 50],
      ['one-key', 50],
    ],
  );
});

test('a long run is written down, and made a table of', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'florin-races-')), 'run.json');
  const main = join(import.meta.dirname, 'main.ts');
  const few = ['--scene', 'refunds', '--schedules', '10', '--from', '31', '--workers', '1', '--json', file];
  const { stdout } = await run(process.execPath, [main, ...few]);
  assert.match(stdout, /^refunds +10 schedules, 10 of them distinct, .* 0 broken\n/);
  assert.match(stdout, /seeds 31 to 40 of each scene; what follows them: --from 41\n$/);
  const table = await run(process.execPath, [join(import.meta.dirname, 'sum.ts'), file]);
  assert.match(table.stdout, /^\| refunds \| 10 \| 10 \| [\d.]+ \| (\d+ \| ){4}0 \|$/m);
  await rm(dirname(file), { recursive: true });
});

test('the same seed is the same schedule, word for word, in another database and without its neighbours', async () => {
  const seeds = Array.from({ length: 9 }, (_, n) => 1_001 + n);
  const stage = await openStage();
  const other = await openStage();
  let compared = 0;
  for (const scene of scenes) {
    for (const { seed, trace } of await playScene(stage, scene, seeds)) {
      const [again] = await playScene(other, scene, [seed]);
      assert.deepEqual(again?.trace, trace, `${scene.name}, seed ${seed}`);
      compared += 1;
    }
  }
  assert.ok(compared >= 50, `${compared} schedules`);
  await stage.close();
  await other.close();
});

for (const name of [
  'refunds that are checked, then made',
  'a log that is read to its end',
  'a change without its key',
]) {
  test(`without its guard a scene notices within a hundred schedules: ${name}`, async () => {
    const guard = unguarded.find((one) => one.name === name);
    assert.ok(guard);
    const noticed = await playUnguarded(guard, 1);
    assert.ok(noticed.after !== undefined && noticed.after <= noticedWithin, lineOfNoticed(noticed));
  });
}

test('every scene has a guard that it can miss', () => {
  const guarded = new Set(unguarded.map(({ scene }) => scene));
  assert.deepEqual(
    scenes.map(({ name }) => name).filter((name) => !guarded.has(name)),
    [],
  );
});

test('a seed is played again by one line, and told in words', async () => {
  const main = join(import.meta.dirname, 'main.ts');
  const { stdout } = await run(process.execPath, [main, '--scene', 'refunds', '--seed', '5']);
  assert.match(stdout, /^whole: refunds, seed 5\n/);
  assert.match(stdout, /api \d: moves the payment/);
  assert.match(stdout, /again: npm run races -- --scene refunds --seed 5\n$/);
});
