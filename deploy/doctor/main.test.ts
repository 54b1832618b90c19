import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '#deploy/local/settings.ts';
import { shown } from '#simulation/judge/shown.ts';
import { findProduct } from './product.ts';
import { readBooks } from './read-books.ts';
import type { Healthy } from './testing/corruption.ts';
import { fill } from './testing/healthy.ts';
import { type House, openHouse } from './testing/house.ts';

let house: House;
let healthy: Healthy;
let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'florin-doctor-'));
  house = await openHouse();
  healthy = await fill(house);
});
after(async () => {
  await house[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** `npm run doctor` as a shell runs it. */
function doctor(env: Record<string, string>, ...flags: string[]): Promise<{ code: number; out: string; err: string }> {
  const { DATABASE_URL: _, FLORIN_DATABASE_URL: __, FLORIN_ADMIN_DATABASE_URL: ___, ...inherited } = process.env;
  return new Promise((resolve) => {
    const options = { cwd: root, env: { ...inherited, FLORIN_DATA_DIR: folder, ...env } };
    execFile(process.execPath, ['deploy/doctor/main.ts', ...flags], options, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err });
    });
  });
}

test('where all is well it says so, rule by rule, and ends with 0', async () => {
  const { code, out } = await doctor({ FLORIN_DATABASE_URL: house.url('owner') });
  assert.equal(code, 0, out);
  assert.match(out, /^✓ I2a .* \(\d+ ms\)$/m);
  assert.match(out, /^– I6a .* \(not looked at\)$/m, 'no books were named');
  assert.match(out, /may be at work/);
  assert.match(out, /All is well: \d+ invariants hold, \d+ could not be looked at without books\.\n$/);
});

test('where one is broken it names it, with the payment, and ends with 1; a program reads it as JSON', async () => {
  const { id } = healthy.authorized;
  await house.sql.begin(async (tx) => {
    await tx`SET LOCAL session_replication_role = replica`;
    await tx`UPDATE payments SET stray = 1234 WHERE id = ${id}`;
  });
  const told = await doctor({ FLORIN_DATABASE_URL: house.url('owner') });
  assert.equal(told.code, 1);
  assert.match(
    told.out,
    new RegExp(`✗ I11e .*\\n +${shown('payment', id)} has 12\\.34 EUR stray, and people are asked .* 0\\.00 EUR`),
  );
  assert.match(told.out, /^1 of \d+ invariants is broken: I11e/m);
  const { code, out } = await doctor({ FLORIN_DATABASE_URL: house.url('owner') }, '--json', '--at-rest');
  const lines = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(code, 1);
  assert.deepEqual(lines.at(-1), { well: false });
  assert.deepEqual(lines.find((line) => line.id === 'I11e').breaches[0].payment, id);
});

test('where it cannot look it says in one sentence what to do, and ends with 2', async () => {
  const nowhere = await doctor({});
  assert.deepEqual([nowhere.code, nowhere.out], [2, '']);
  assert.match(nowhere.err, /^No Florin runs from .*\. Start it with `npm start`, .*\.\n$/);
  const stopped = await doctor({ FLORIN_DATABASE_URL: 'postgres://postgres@127.0.0.1:1/florin' });
  assert.match(stopped.err, /^The database does not answer/);
  const asWorker = await doctor({ FLORIN_DATABASE_URL: house.url('worker') });
  assert.match(asWorker.err, /^The database does not let this role read all of it: name the role that owns its tables/);
  const mistyped = await doctor({}, '--jsn');
  assert.deepEqual([stopped.code, asWorker.code, mistyped.code], [2, 2, 2]);
});

test('what runs here is found by what it has written down: the database of its owner, and the acquirers', async () => {
  const data = join(folder, 'data');
  const env = { NODE_ENV: 'test' as const, FLORIN_DATA_DIR: data };
  await mkdir(join(data, 'postgres'), { recursive: true });
  const alder = { name: 'alder', url: '', books: 'http://127.0.0.1:4004/books', levers: '', key: 'its key' };
  await writeFile(join(data, 'ready.json'), JSON.stringify({ sandboxes: [alder] }));
  await writeFile(join(data, 'secrets.json'), JSON.stringify({ postgresPassword: 'secret' }));
  await assert.rejects(findProduct(env), /The PostgreSQL in .* does not run/);
  await writeFile(join(data, 'postgres', 'postmaster.pid'), '4711\n/data\n1790000000\n4006\n/tmp\n');
  const { name, books, key } = alder;
  assert.deepEqual(await findProduct(env), {
    database: 'postgres://postgres:secret@127.0.0.1:4006/florin',
    acquirers: [{ name, books, key }],
  });
  const given = await findProduct({ ...env, DATABASE_URL: 'postgres://me:pw@db.example/postgres' });
  assert.deepEqual([given.database, given.acquirers.length], ['postgres://me:pw@db.example/florin', 1]);
});

test('the books are read as the acquirers show them; one that cannot be read is named', async () => {
  const acquirers = house.acquirers.map(({ name, url, key }) => ({ name, books: `${url}/books`, key }));
  const books = await readBooks(acquirers);
  assert.deepEqual(books, await house.books());
  assert.ok((books.get('alder') ?? []).length > 10);
  const [alder] = acquirers;
  const locked = alder ? [{ ...alder, key: 'another key' }] : [];
  await assert.rejects(readBooks(locked), /^Unseen: The books of alder at .* cannot be read \(status 401\)/);
});
