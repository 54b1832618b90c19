import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '../..');

/** Runs a process whose start is this code, and waits for its end. */
function run(start: string) {
  const code = `
    import { makeLog } from '#server/observability/log.ts';
    import { runProcess } from '#server/observability/process.ts';
    process.on('uncaughtException', () => {});
    setInterval(() => {}, 1_000);
    await runProcess(async () => { ${start}; return { log: makeLog('test'), stop: async () => {} } });`;
  const args = ['--input-type=module', '--eval', code];
  return spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', timeout: 10_000 });
}

for (const [what, start] of [
  ['an error', "setTimeout(() => { throw new Error('lost') })"],
  ['a rejection', "setTimeout(() => { Promise.reject(new Error('lost')) })"],
]) {
  test(`${what} that nobody catches is one line and the end, whoever else listens`, () => {
    const { status, stdout } = run(String(start));
    assert.equal(status, 1);
    const lines = stdout.trim().split('\n');
    assert.equal(lines.length, 1);
    assert.match(String(lines[0]), /an error that nobody caught ends the process/);
    assert.match(String(lines[0]), /"message":"lost"/);
  });
}

test('a process that cannot start says so and exits with 1', () => {
  const { status, stderr } = run("throw new Error('no port')");
  assert.deepEqual([status, stderr], [1, 'no port\n']);
});
