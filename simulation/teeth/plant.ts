import { spawn } from 'node:child_process';
import { makeScratch, type Scratch } from '../scratch.ts';
import type { Mistake } from './mistake.ts';
import type { World } from './trial.ts';
import { ofWalls, units } from './units.ts';

/** What came of a trial of many worlds. */
export interface Trial {
  payments: number;
  seconds: number;
  /** The first world that was broken. */
  broken: World | undefined;
  /** The last words of a trial that did not end by itself. */
  crash: string | undefined;
}

/** What came of the room's own tests. */
export interface Tests {
  passed: boolean;
  /** Of those that failed, their names. */
  failed: string[];
  ran: number;
}

/** A copy of the tree with one mistake in it. */
export function plant({ name, says, edits }: Mistake): Promise<Scratch> {
  return makeScratch([{ name, why: says, edits }]);
}

/** Runs the unit tests of the mistake's room in a copy; those of walls that it takes down are left out. */
export async function unitTests({ folder }: Scratch, { room, edits }: Mistake): Promise<Tests> {
  const { files, leftOut } = units[room];
  const without = edits.some(({ file }) => file.startsWith('db/migrations/')) ? [...leftOut, ...ofWalls] : leftOut;
  const { output } = await run(folder, [
    '--test',
    '--test-global-setup=db/testing/cluster.ts',
    '--test-reporter=tap',
    '--test-force-exit',
    '--test-timeout=120000',
    '--test-concurrency=2',
    ...without.map((words) => `--test-skip-pattern=${words}`),
    ...files,
  ]);
  const failed = [...output.matchAll(/^ {0,8}not ok \d+ - (.+)$/gm)].map(([, name = '']) => name);
  const ran = Number(/^# pass (\d+)$/m.exec(output)?.[1] ?? 0);
  return { passed: failed.length === 0 && ran > 0, failed, ran };
}

/**
 * Runs worlds in a copy, until one is broken or so many payments were made. What crashed is run once more from the
 * same seed on: a machine that is too slow for the database's patience crashes once, a mistake always.
 */
export async function trial(scratch: Scratch, how: { payments: number; faults: number }): Promise<Trial> {
  const first = await worlds(scratch, { ...how, from: 1 });
  if (first.crash === undefined) return first;
  const payments = how.payments - first.payments;
  const second = await worlds(scratch, { ...how, payments, from: first.next });
  return {
    ...second,
    payments: first.payments + second.payments,
    seconds: first.seconds + second.seconds,
  };
}

interface Worlds extends Trial {
  /** The seed that comes after those that were run. */
  next: number;
}

async function worlds(
  { folder }: Scratch,
  { payments, faults, from }: { payments: number; faults: number; from: number },
): Promise<Worlds> {
  const began = performance.now();
  const args = ['simulation/teeth/trial.ts', '--payments', String(payments), '--from', String(from)];
  const { code, output, errors } = await run(folder, [...args, '--faults', String(faults)]);
  const told = output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as World);
  return {
    payments: told.reduce((sum, world) => sum + world.payments, 0),
    seconds: (performance.now() - began) / 1_000,
    broken: told.find(({ breaches }) => breaches.length > 0),
    crash: code === 0 ? undefined : errors.slice(-800),
    next: from + told.length,
  };
}

/** `npm run simulate` in a copy, to be watched. */
export async function simulate({ folder }: Scratch, args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, ['simulation/main.ts', ...args], { cwd: folder, stdio: 'inherit' });
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)));
}

interface Ran {
  code: number;
  output: string;
  errors: string;
}

function run(cwd: string, args: readonly string[]): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output, errors }));
  });
}
