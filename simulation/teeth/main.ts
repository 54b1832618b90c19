import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Mistake } from './mistake.ts';
import { mistakes } from './mistakes.ts';
import { plant, simulate, type Tests, type Trial, trial, unitTests } from './plant.ts';

/** What became of one mistake. */
interface Finding extends Pick<Mistake, 'name' | 'room' | 'says' | 'variantOf'> {
  tests: Tests;
  /** Without faults. */
  calm: Trial;
  /** With them. */
  rough: Trial | undefined;
  verdict: 'found' | 'not found' | 'crashed' | 'seen by unit tests' | 'seen without faults';
}

const usage =
  'npm run teeth -- [--only name,name] [--payments 20000] [--json file] | --in name -- <options of simulate>';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string' },
    payments: { type: 'string', default: '20000' },
    calm: { type: 'string', default: '400' },
    json: { type: 'string' },
    in: { type: 'string' },
  },
});

process.exitCode = values.in === undefined ? await all() : await watch(values.in, positionals);

/** Plants each mistake in turn and says what found it. */
async function all(): Promise<number> {
  const only = values.only?.split(',');
  const chosen = only ? only.map(named) : mistakes;
  const findings: Finding[] = [];
  for (const mistake of chosen) {
    const finding = await bite(mistake);
    findings.push(finding);
    print(inWords(finding));
    if (values.json) writeFileSync(values.json, `${JSON.stringify(findings, null, 2)}\n`);
  }
  const found = findings.filter(({ verdict }) => verdict === 'found').length;
  print(`${found} of ${findings.length} mistakes passed the tests and the calm and were found by an invariant.`);
  return found === findings.length ? 0 : 1;
}

async function bite(mistake: Mistake): Promise<Finding> {
  const { name, room, says, variantOf } = mistake;
  const scratch = await plant(mistake);
  try {
    const tests = await unitTests(scratch, mistake);
    const calm = await trial(scratch, { payments: Number(values.calm), faults: false });
    const rough = await trial(scratch, { payments: Number(values.payments), faults: true });
    return {
      name,
      room,
      says,
      ...(variantOf && { variantOf }),
      tests,
      calm,
      rough,
      verdict: verdictOf(tests, calm, rough),
    };
  } finally {
    await scratch.dispose();
  }
}

function verdictOf(tests: Tests, calm: Trial, rough: Trial): Finding['verdict'] {
  if (!tests.passed) return 'seen by unit tests';
  if (calm.crash ?? rough.crash) return 'crashed';
  if (calm.broken) return 'seen without faults';
  return rough.broken ? 'found' : 'not found';
}

function inWords({ name, room, tests, calm, rough, verdict }: Finding): string {
  const said = [`${name} (${room}): ${verdict}`, `  ${tests.ran} unit tests passed, ${calm.payments} calm payments`];
  for (const failed of tests.failed) said.push(`  the room's own test saw it: ${failed}`);
  for (const one of [calm, rough]) if (one?.crash) said.push(`  crashed: ${one.crash}`);
  for (const [one, how] of [
    [calm, ' --no-faults'],
    [rough, ''],
  ] as const) {
    const [breach] = one?.broken?.breaches ?? [];
    if (!one?.broken || !breach) continue;
    const others = [...new Set(one.broken.breaches.map(({ invariant }) => invariant))].join(', ');
    said.push(`  after ${one.payments} payments, ${one.seconds.toFixed(0)} s, by ${others}: ${breach.says}`);
    said.push(`  npm run teeth -- --in ${name} -- --seeds 1 --from ${one.broken.seed}${how}`);
  }
  if (verdict === 'not found') said.push(`  in ${rough?.payments} payments, ${rough?.seconds.toFixed(0)} s`);
  return said.join('\n');
}

/** Runs the simulation in a copy with one mistake, for whoever wants to see it fail. */
async function watch(name: string, args: readonly string[]): Promise<number> {
  const scratch = await plant(named(name));
  try {
    return await simulate(scratch, args);
  } finally {
    await scratch.dispose();
  }
}

function named(name: string): Mistake {
  const mistake = mistakes.find((one) => one.name === name);
  if (!mistake) throw new Error(`no mistake is named ${name}\n${usage}`);
  return mistake;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
