import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

const ports = `${import.meta.dirname}/ports.ts`;

// The range is so small that processes which did not know of each other would meet: 4 times 600 of 22,000.
test('processes that draw ports at once never draw the same', async () => {
  const draw = `
    const { freePorts } = await import(${JSON.stringify(ports)});
    const drawn = [];
    for (let n = 0; n < 100; n += 1) drawn.push(...(await freePorts(6)));
    console.log(JSON.stringify(drawn));
    // Held until all others have drawn too.
    await new Promise((resolve) => process.stdin.resume().once('end', resolve));
  `;
  const children = [1, 2, 3, 4].map(() => {
    const running = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', draw]);
    return { child: running.child, running };
  });
  await Promise.all(children.map(({ child }) => new Promise((said) => child.stdout?.once('data', said))));
  for (const { child } of children) child.stdin?.end();
  const drawn = (await Promise.all(children.map(({ running }) => running))).flatMap(
    ({ stdout }) => JSON.parse(stdout) as number[],
  );
  assert.equal(drawn.length, 2_400);
  assert.equal(new Set(drawn).size, drawn.length);
});
