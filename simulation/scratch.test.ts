import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { makeScratch, type Patch } from './scratch.ts';

const run = promisify(execFile);
const file = 'server/kernel/money.ts';
const here = join(import.meta.dirname, '..', file);
const original = await readFile(here, 'utf8');

// A temporary folder of our own, so that what is left in it is ours.
const temporary = await mkdtemp(join(tmpdir(), 'florin-scratch-test-'));
process.env.TMPDIR = temporary;
after(() => rm(temporary, { recursive: true, force: true }));

function patch(edit: Partial<Patch['edits'][number]> = {}): Patch {
  const why = 'Amounts in yen are read a hundred times too large.';
  return { name: 'the yen has cents', why, edits: [{ file, find: 'JPY: 0', replace: 'JPY: 2', ...edit }] };
}

test('a scratch copy runs with its patch, and the tree is as it was', async () => {
  const { folder, dispose } = await makeScratch([patch()]);
  const asked =
    "import { parseMoney } from '#server/kernel/money.ts'; process.stdout.write(String(parseMoney('5', 'JPY').amount))";
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', asked], { cwd: folder });
  assert.equal(stdout, '500');
  assert.equal(await readFile(here, 'utf8'), original);
  await dispose();
  assert.deepEqual(await readdir(temporary), []);
});

test('a patch whose place has gone is refused, so is one that fits twice, and nothing is left of the copy', async () => {
  await assert.rejects(makeScratch([patch({ find: 'no such words' })]), /'the yen has cents' does not fit: 0 places/);
  await assert.rejects(
    makeScratch([patch({ find: 'export ' })]),
    /does not fit: \d+ places in server\/kernel\/money.ts/,
  );
  assert.deepEqual(await readdir(temporary), []);
});

test('patches are applied one after the other: the second sees what the first has written', async () => {
  const { folder, dispose } = await makeScratch([patch(), patch({ find: 'JPY: 2', replace: 'JPY: 3' })]);
  assert.ok((await readFile(join(folder, file), 'utf8')).includes('JPY: 3'));
  await dispose();
});
