import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Bench } from '../case.ts';
import { pay } from '../cases/over-http.ts';
import { readOptions } from '../options.ts';
import { startCluster } from './cluster.ts';
import { asAdmin, prepareDatabases } from './databases.ts';
import { examined } from './examined.ts';
import { startProcesses } from './processes.ts';
import { openWire } from './wire.ts';

test('what is measured over HTTP is in the acquirer’s books, and its time is taken off', async () => {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'florin-bench-test-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const cluster = await startCluster(folder);
  opened.defer(() => cluster.stop());
  const options = { ...readOptions(['--quick']), folder };
  const databases = await prepareDatabases(cluster.adminUrl);
  const bench: Bench = { options, cluster, databases, say: () => {}, breaches: [] };
  const house = await startProcesses(bench, { merchants: 2 });
  opened.defer(() => house.stop());
  const wire = openWire(house.apiUrl, 4);
  opened.defer(() => wire.close());

  await pay(house, wire, { client: 0, delay: 0 });
  await house.delay(300);
  const began = performance.now();
  const added = await pay(house, wire, { client: 1, delay: 300 });
  assert.ok(performance.now() - began >= 600, 'the acquirer has waited twice');
  assert.ok(added < performance.now() - began - 599, `${added} ms were added`);

  await examined(bench, house.database, { acquirers: [house.books] });
  assert.deepEqual(bench.breaches, []);
  const lines = (
    await (await fetch(house.books.books, { headers: { authorization: `Bearer ${house.books.key}` } })).text()
  )
    .split('\n')
    .filter((line) => line !== '');
  assert.equal(lines.length, 4);

  // An acquirer that knows of money that Florin does not: the doctor is asked with its books, and says so.
  await asAdmin(house.database.url('owner'), async (sql) => {
    await sql`SET session_replication_role = replica`;
    await sql`DELETE FROM operations WHERE id = (SELECT id FROM operations WHERE kind = 'capture' LIMIT 1)`;
  });
  await examined(bench, house.database, { acquirers: [house.books] });
  assert.ok(bench.breaches.length > 0);
});
