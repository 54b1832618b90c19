import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { BadSettings, key256, port, readEnv, secretText, text, url } from './env.ts';

const settings = {
  A_PORT: { read: port, purpose: 'the port to listen on' },
  A_URL: { read: url, purpose: 'where it is' },
  A_KEY: { read: key256, purpose: 'the key' },
  A_NAME: { read: text, purpose: 'its name', fallback: 'nobody' },
};

test('every missing or malformed setting is named at once, and no value is shown', () => {
  assert.throws(
    () => readEnv(settings, { A_PORT: '99999999', A_KEY: 'hunter2' }),
    (error: Error) => {
      assert.ok(error instanceof BadSettings);
      const lines = error.message.split('\n');
      assert.equal(lines.length, 3);
      assert.match(lines[0] ?? '', /^A_PORT is malformed: .*1 to 65535/);
      assert.match(lines[1] ?? '', /^A_URL is missing: where it is\.$/);
      assert.match(lines[2] ?? '', /^A_KEY is malformed: .*32 bytes/);
      assert.ok(!error.message.includes('hunter2'));
      return true;
    },
  );
});

test('a value may come from a file, and a secret does not print', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'florin-env-')), 'secret');
  writeFileSync(file, 'sesame\n');
  const { A_SECRET } = readEnv({ A_SECRET: { read: secretText, purpose: 'the word' } }, { A_SECRET_FILE: file });
  assert.equal(A_SECRET.reveal(), 'sesame');
  assert.ok(
    ![JSON.stringify({ A_SECRET }), inspect(A_SECRET), `${A_SECRET}`].some((shown) => shown.includes('sesame')),
  );
});

test('a fallback serves where nothing is set, and an empty value counts as nothing', () => {
  const key = Buffer.alloc(32).toString('base64');
  const read = readEnv(settings, { A_PORT: '80', A_URL: 'http://x/', A_KEY: key, A_NAME: '' });
  assert.deepEqual([read.A_PORT, read.A_URL, read.A_NAME], [80, 'http://x', 'nobody']);
});
