import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { variants } from '../model/variants.ts';
import { type Mistake, rooms } from './mistake.ts';
import { mistakes } from './mistakes.ts';
import { ofWalls, units } from './units.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => readFile(join(root, file), 'utf8');

/** The files that a mistake changes, as they are with it. */
async function planted({ edits }: Mistake): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const { file, find, replace } of edits) {
    const parts = (files.get(file) ?? (await read(file))).split(find);
    assert.equal(parts.length, 2, `${parts.length - 1} places in ${file} read\n${find}`);
    files.set(file, parts.join(replace));
  }
  return files;
}

for (const mistake of mistakes) {
  test(`${mistake.name} can be planted in the tree as it is`, async () => {
    for (const [file, text] of await planted(mistake)) assert.notEqual(text, await read(file));
  });
}

test('eighteen wrong variants of the model are planted, each once', () => {
  const known: string[] = Object.values(variants).flat();
  const named = mistakes.flatMap(({ variantOf = [] }) => variantOf);
  assert.equal(new Set(named).size, 18);
  assert.equal(named.length, 18);
  for (const one of named) assert.ok(known.includes(one), `the model knows no '${one}'`);
});

test('each room has two mistakes beside the variants, and no two mistakes have one name', () => {
  for (const room of rooms) {
    const own = mistakes.filter((one) => one.room === room && !one.variantOf);
    assert.ok(own.length >= 2, `${room} has ${own.length}`);
  }
  assert.equal(new Set(mistakes.map(({ name }) => name)).size, mistakes.length);
  assert.ok(mistakes.length >= 30);
});

/** Where tests stand that several files have run. */
const shared = ['contract-suite', 'proves-cancels', 'proves-challenges', 'proves-webhooks'];
const suites = shared.map((name) => `server/providers/testing/${name}.ts`);

test('the tests that are left out are there, and so are those that are not', async () => {
  const walls = { files: ['server/payments/core/walls.test.ts'], leftOut: ofWalls };
  for (const { files, leftOut } of [...Object.values(units), walls]) {
    const texts = (await Promise.all([...files, ...suites].map(read))).join('\n');
    for (const words of leftOut) assert.ok(isNamed(texts, words), `no test is named ${words}`);
  }
});

/** Names of tests are written as they are, or with what is put in by a loop. */
function isNamed(texts: string, words: string): boolean {
  return words.split('.*').every((part) => texts.includes(part));
}
