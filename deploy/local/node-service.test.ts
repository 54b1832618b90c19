import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '#server/kernel/clock.ts';
import { freePort } from '#server/observability/testing/ports.ts';
import { nodeService, type Server } from './node-service.ts';
import { bornAt, openPids, type Pids } from './pids.ts';
import { supervise } from './supervise.ts';

// Says where it and its own child are, which outlives it unless somebody takes the whole group.
const program = `
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
const child = spawn('sleep', ['600'], { stdio: 'ignore' });
if (process.env.STUBBORN) process.on('SIGTERM', () => {});
createServer((_, response) => response.end()).listen(Number(process.env.PORT), '127.0.0.1', () =>
  writeFileSync(process.env.NOTE, JSON.stringify([process.pid, child.pid])));
`;

const running = new AbortController().signal;
const seams = { clock: systemClock, report: () => {} };
let folder: string;
let pids: Pids;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'florin-service-'));
  await writeFile(join(folder, 'program.mjs'), program);
  pids = await openPids(join(folder, 'pids.json'));
});
after(() => rm(folder, { recursive: true }));

async function server(name: string, env: Record<string, string> = {}): Promise<Server & { note: string }> {
  const port = await freePort();
  const note = join(folder, `${name}.json`);
  return {
    name,
    note,
    args: [join(folder, 'program.mjs')],
    env: { PORT: String(port), NOTE: note, ...env },
    logFile: join(folder, `${name}.log`),
    health: `http://127.0.0.1:${port}/`,
  };
}

async function processesOf({ note }: { note: string }): Promise<number[]> {
  return JSON.parse(await readFile(note, 'utf8'));
}

function living(list: number[]): number[] {
  return list.filter((pid) => bornAt(pid) !== undefined);
}

async function within(milliseconds: number, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + milliseconds;
  while (!(await holds())) {
    assert.ok(performance.now() < deadline, `not within ${milliseconds} ms`);
    await sleep(20);
  }
}

test('a process that is killed is back soon, and its own children did not stay', async () => {
  const spec = await server('killed');
  await using _kept = await supervise(nodeService(spec, pids), seams, running);
  const first = await processesOf(spec);
  process.kill(first[0] ?? 0, 'SIGKILL');
  await within(5000, async () => (await processesOf(spec))[0] !== first[0]);
  await within(1000, () => living(first).length === 0);
  assert.equal((await fetch(spec.health)).status, 200);
});

test('stopping leaves nothing of the group, however stubborn', async () => {
  const spec = await server('stubborn', { STUBBORN: 'yes' });
  const child = await nodeService(spec, pids).start(running);
  const group = await processesOf(spec);
  assert.equal(living(group).length, 2);
  await child.stop(100);
  await within(1000, () => living(group).length === 0);
});

test('a process that ends before it is healthy is reported with its last words', async () => {
  const spec = { ...(await server('broken')), args: ['-e', 'process.stderr.write("no sugar\\n"); process.exit(3)'] };
  await assert.rejects(nodeService(spec, pids).start(running), /broken did not start \(exit 3\).*\nno sugar$/s);
});

test('a start that is called off leaves nothing', async () => {
  const spec = { ...(await server('slow')), health: 'http://127.0.0.1:1/' };
  const called = new AbortController();
  const starting = nodeService(spec, pids).start(called.signal);
  await within(5000, async () => (await processesOf(spec).catch(() => [])).length === 2);
  called.abort();
  await assert.rejects(starting);
  const group = await processesOf(spec);
  await within(1000, () => living(group).length === 0);
});

/** A supervisor of two services in a process of its own, so that it can be killed. */
async function foreignSupervisor(list: string, specs: Server[]) {
  const place = (file: string) => JSON.stringify(join(import.meta.dirname, file));
  const script = join(folder, 'supervisor.mjs');
  await writeFile(
    script,
    `import { nodeService } from ${place('node-service.ts')};
     import { openPids } from ${place('pids.ts')};
     const pids = await openPids(${JSON.stringify(list)});
     const never = new AbortController().signal;
     for (const spec of ${JSON.stringify(specs)}) await nodeService(spec, pids).start(never);
     process.stdout.write('up');`,
  );
  const supervisor = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(supervisor.stdout, 'data');
  return supervisor;
}

test('when the supervisor is killed, its processes and theirs go by themselves', async () => {
  const specs = [await server('left'), await server('right')];
  const supervisor = await foreignSupervisor(join(folder, 'first-run.pids'), specs);
  const all = (await Promise.all(specs.map(processesOf))).flat();
  assert.equal(living(all).length, 4);
  supervisor.kill('SIGKILL');
  await within(5000, () => living(all).length === 0);
});

test('what a killed supervisor left is ended by the next start; a stranger with a reused id is not', async () => {
  const list = join(folder, 'second-run.pids');
  const stubborn = await server('survivor', { STUBBORN: 'yes' });
  const supervisor = await foreignSupervisor(list, [stubborn]);
  const all = await processesOf(stubborn);
  supervisor.kill('SIGKILL');
  const stranger = spawn('sleep', ['600'], { stdio: 'ignore', detached: true });
  const known = JSON.parse(await readFile(list, 'utf8'));
  await writeFile(list, JSON.stringify([...known, { pid: stranger.pid, born: '1' }]));
  await openPids(list);
  assert.deepEqual(living([...all, stranger.pid ?? 0]), [stranger.pid]);
  stranger.kill('SIGKILL');
});
