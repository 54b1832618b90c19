import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { cases, chosen } from '../cases.ts';
import { readOptions } from '../options.ts';
import { judged } from '../report/judged.ts';
import { run } from '../run.ts';
import { dbos } from './dbos.ts';
import { isInstalled } from './packages.ts';
import type { Peer } from './peer.ts';
import { figuresOf, peers } from './peers.ts';
import { restate } from './restate.ts';
import { buy, makeWorld, steps } from './saga.ts';
import { counted, type Turn } from './turn.ts';

const manifest = (path: string) =>
  JSON.parse(readFileSync(join(import.meta.dirname, path), 'utf8')) as {
    dependencies: Record<string, string>;
    devDependencies?: Record<string, string>;
    packages: Record<string, { version?: string }>;
  };

test('the peers have packages of their own, at exact versions, and the product has none of them', () => {
  const theirs = manifest('package.json').dependencies;
  const ours = manifest('../../package.json');
  const locked = manifest('package-lock.json').packages;
  for (const [name, version] of Object.entries(theirs)) {
    assert.match(version, /^\d+\.\d+\.\d+$/);
    assert.equal(locked[`node_modules/${name}`]?.version, version);
    assert.ok(!(name in ours.dependencies) && !(name in (ours.devDependencies ?? {})));
  }
  assert.doesNotMatch(readFileSync(join(import.meta.dirname, 'package-lock.json'), 'utf8'), /"resolved"|\.tgz"/);
});

test('who asks for no case by name is not made to fetch the peers', () => {
  assert.deepEqual(chosen([]), cases);
  assert.ok(!cases.includes(peers));
  assert.deepEqual(chosen(['peers']), [peers]);
});

test('clients make so many orders and no more, and a step done once too often is a duplicate', async () => {
  const world = makeWorld();
  let sagas = 0;
  await buy({ orders: 25, clients: 10 }, async (order) => {
    sagas += 1;
    let row = await world.act('created', order);
    for (const step of steps.slice(1)) row = await world.act(step, order);
    return row;
  });
  assert.equal(sagas, 25);
  assert.deepEqual(world.calls(), [25, 25, 25, 25, 25]);
  const before = { made: 0, fulfilled: 0, calls: [0, 0, 0, 0, 0] };
  const books = { made: 25, fulfilled: 25, calls: world.calls() };
  assert.deepEqual(counted(before, books, 25), { made: 25, duplicates: 0, lost: 0 });
  await world.act('captured', { id: 'again', amount: 1, currency: 'eur' });
  const twice = { made: 26, fulfilled: 23, calls: world.calls() };
  assert.deepEqual(counted(before, twice, 25), { made: 26, duplicates: 2, lost: 2 });
});

test('a client that is answered with another order ends the study', async () => {
  const world = makeWorld();
  const wrong = buy({ orders: 1, clients: 1 }, (order) => world.act('fulfilled', { ...order, id: 'another' }));
  await assert.rejects(wrong, /was answered another fulfilled/);
});

test('Florin stands beside each peer of the same round, with the goals met or missed', () => {
  const turn = (sagasPerSecond: number, node: number, more: Record<string, number> = {}): Turn => ({
    seconds: 1,
    sagasPerSecond,
    milliseconds: { node, ...more, other: 100 },
    made: 1,
    duplicates: 0,
    lost: 0,
  });
  const rounds = [
    [turn(1_000, 1), turn(100, 8), turn(200, 1, { restate: 3 })],
    [turn(3_000, 1), turn(150, 8), turn(300, 1, { restate: 3 })],
    [turn(2_000, 1), turn(180, 8), turn(400, 1, { restate: 3 })],
  ];
  const subjects = [{ name: 'Florin' }, dbos, restate];
  const figures = figuresOf(subjects, { orders: 1, clients: 1 }, rounds).map(judged);
  const named = (what: string) => figures.find((one) => one.what === what);
  const besideDbos = named('Florin beside DBOS');
  assert.equal(besideDbos?.ratio?.toFixed(2), '11.11');
  assert.deepEqual(besideDbos?.verdicts, [{ goal: { of: 'ratio', atLeast: 10 }, met: true }]);
  const besideRestate = named('Florin beside Restate');
  assert.equal(besideRestate?.ratio, 5);
  assert.deepEqual(besideRestate?.verdicts, [{ goal: { of: 'ratio', atLeast: 8 }, met: false }]);
  assert.equal(named("DBOS beside Florin, processor's time")?.ratio, 8);
  assert.equal(named("Restate beside Florin, processor's time")?.ratio, 4);
});

const told = isInstalled() ? false : 'the peers are not installed: npm run bench -- peers --quick';

test('both peers make each order once, with five rows each, and leave nothing behind', { skip: told }, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'florin-peers-test-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const said: string[] = [];
  const options = { ...readOptions(['--quick', '--orders', '20']), folder };
  const report = await run([peers], options, (line) => said.push(line));
  assert.deepEqual(report.breaches, []);
  for (const { name, version } of [dbos, restate] satisfies Peer[]) {
    assert.ok(said.some((line) => line.startsWith(`${name} ${version}: `) && line.includes('20 made, 0 dup')));
  }
  assert.deepEqual(readdirSync(folder), ['postgres.log']);
  const [florin, ...theirs] = report.cases[0]?.figures ?? [];
  assert.ok(florin && florin.value > 0);
  for (const { value, details = {} } of theirs.slice(0, 2)) {
    assert.ok(value > 0 && Number(details['ms node']) > 0);
    assert.deepEqual([details.made, details.duplicates, details.lost], [20, 0, 0]);
  }
});
