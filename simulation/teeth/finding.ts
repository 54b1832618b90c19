import type { Mistake } from './mistake.ts';
import { plant, type Tests, type Trial, trial, unitTests } from './plant.ts';

/** What became of one planted mistake. */
export interface Finding extends Pick<Mistake, 'name' | 'room' | 'says' | 'variantOf'> {
  tests: Tests;
  /** Without faults; where the room's own tests saw the mistake, nothing was simulated. */
  calm: Trial | undefined;
  rough: Trial | undefined;
  /** A crash is no finding: an exception says nothing of the promise that was broken. */
  verdict: 'found' | 'not found' | 'crashed' | 'seen by unit tests' | 'seen without faults';
}

/** Plants a mistake in a copy of the tree, and looks whether it passes what it should and is found where it should. */
export async function findingOf(mistake: Mistake, payments: { calm: number; rough: number }): Promise<Finding> {
  const { name, room, says, variantOf } = mistake;
  const scratch = await plant(mistake);
  try {
    const tests = await unitTests(scratch, mistake);
    const calm = tests.passed ? await trial(scratch, { payments: payments.calm, faults: 0 }) : undefined;
    const isQuiet = calm && !calm.broken && calm.crash === undefined;
    const rough = isQuiet ? await trial(scratch, { payments: payments.rough, faults: 1 }) : undefined;
    return { name, room, says, ...(variantOf && { variantOf }), tests, calm, rough, verdict: verdictOf(calm, rough) };
  } finally {
    await scratch.dispose();
  }
}

function verdictOf(calm: Trial | undefined, rough: Trial | undefined): Finding['verdict'] {
  if (!calm) return 'seen by unit tests';
  if (calm.broken) return 'seen without faults';
  if (calm.crash !== undefined || rough?.crash !== undefined) return 'crashed';
  return rough?.broken ? 'found' : 'not found';
}

/** For a terminal; the last line makes it happen again. */
export function inWords({ name, room, tests, calm, rough, verdict }: Finding): string {
  const said = [
    `${name} (${room}): ${verdict}`,
    `  ${tests.ran} unit tests passed; ${calm?.payments ?? 0} payments without faults, ${rough?.payments ?? 0} with`,
    ...tests.failed.map((test) => `  a test of the room's own failed: ${test}`),
  ];
  const trials = [
    { one: calm, how: ' --faults 0' },
    { one: rough, how: '' },
  ];
  for (const { one, how } of trials) {
    if (one?.crash !== undefined) said.push(`  crashed: ${one.crash}`);
    const [breach] = one?.broken?.breaches ?? [];
    if (!one?.broken || !breach) continue;
    const all = [...new Set(one.broken.breaches.map(({ invariant }) => invariant))].join(', ');
    said.push(`  in ${one.payments} payments, ${one.seconds.toFixed(0)} s, by ${all}: ${breach.says}`);
    said.push(`  npm run teeth -- --in ${name} -- --seeds 1 --from ${one.broken.seed}${how}`);
  }
  return said.join('\n');
}
