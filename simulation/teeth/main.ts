import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Finding, findingOf, inWords } from './finding.ts';
import type { Mistake } from './mistake.ts';
import { mistakes } from './mistakes.ts';
import { plant, simulate } from './plant.ts';

const usage = `
  npm run teeth -- [--only name,name] [--payments 20000] [--at-once 1] [--json file]
  npm run teeth -- --in name -- <options of npm run simulate>
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string' },
    payments: { type: 'string', default: '20000' },
    calm: { type: 'string', default: '400' },
    'at-once': { type: 'string', default: '1' },
    json: { type: 'string' },
    in: { type: 'string' },
  },
});

process.exitCode = values.in === undefined ? await all() : await watch(values.in, positionals);

/** Plants one mistake after the other, and says what found it. */
async function all(): Promise<number> {
  const waiting = values.only?.split(',').map(named) ?? [...mistakes];
  const findings: Finding[] = [];
  const payments = { calm: Number(values.calm), rough: Number(values.payments) };
  const work = async () => {
    for (let mistake = waiting.shift(); mistake; mistake = waiting.shift()) {
      const finding = await findingOf(mistake, payments);
      findings.push(finding);
      print(inWords(finding));
      if (values.json) writeFileSync(values.json, `${JSON.stringify(findings, null, 2)}\n`);
    }
  };
  await Promise.all(Array.from({ length: Number(values['at-once']) }, work));
  const found = findings.filter(({ verdict }) => verdict === 'found').length;
  print(`${found} of ${findings.length} mistakes passed unit tests and calm, and were found by an invariant.`);
  return found === findings.length ? 0 : 1;
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
