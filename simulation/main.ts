import { writeFileSync } from 'node:fs';
import { machine } from '#server/observability/machine.ts';
import { planOf } from './plans/plan-of.ts';
import { type Options, type Replay, readOptions } from './run/options.ts';
import { type Errand, openPool } from './run/pool.ts';
import { asMarkdown, asText, type Run } from './run/report.ts';
import { openStage, type SeedResult, type Stage } from './run/seed.ts';
import { shrink } from './run/shrink.ts';
import { openAccount } from './run/totals.ts';
import { inWords, type Trace } from './run/words.ts';

const options = readOptions(process.argv.slice(2));
process.exitCode = options.seed === undefined ? await many(options) : await one({ ...options, seed: options.seed });

/** Many seeds, up to the first that breaks something, with a report. */
async function many(options: Options): Promise<number> {
  const { workers, json, markdown, keepGoing } = options;
  const began = performance.now();
  const account = openAccount();
  const differing: number[] = [];
  const digests = new Map<number, string>();
  let broken: SeedResult | undefined;
  let isStopped = false;
  process.once('SIGINT', () => {
    isStopped = true;
    say('\nIt stops as soon as what is under way is done.');
  });
  const isOver = () => isStopped || minutesSince(began) >= (options.minutes ?? Number.POSITIVE_INFINITY);
  const pool = await openPool(workers);
  try {
    await pool.run(errands(options), (result) => {
      const before = digests.get(result.seed);
      if (before !== undefined && before !== result.digest) differing.push(result.seed);
      if (options.replayCheck !== undefined) digests.set(result.seed, result.digest);
      if (before === undefined) account.add(result);
      if (result.breaches.length > 0) broken ??= result;
      progress(account.totals(), began);
      return isOver() || (broken !== undefined && !keepGoing);
    });
  } finally {
    await pool.close();
  }
  const seconds = (performance.now() - began) / 1_000;
  const command = ['npm run simulate --', ...process.argv.slice(2)].join(' ');
  const run: Run = { totals: account.totals(), machine: machine(), seconds, workers, command };
  say('');
  print(asText(run));
  if (json) writeFileSync(json, `${JSON.stringify({ ...run, differing }, null, 2)}\n`);
  if (markdown) writeFileSync(markdown, `${asMarkdown(run)}\n`);
  if (options.replayCheck !== undefined) print(replayed(digests.size, differing));
  if (broken) await explain(options, broken);
  return broken || differing.length > 0 ? 1 : 0;
}

/** Each seed once; for a replay check random ones, each twice, the second time when all have been run once. */
function* errands({ seeds, from, payments, faults, replayCheck }: Options): Generator<Errand, undefined> {
  if (replayCheck === undefined) {
    for (let seed = from; seed < from + seeds; seed += 1) yield { seed, payments, faults };
    return;
  }
  const random = new Set<number>();
  while (random.size < replayCheck) random.add(Math.floor(Math.random() * 2 ** 32));
  for (const seed of [...random, ...random]) yield { seed, payments, faults };
}

function replayed(seeds: number, differing: readonly number[]): string {
  if (differing.length === 0) return `\n${seeds} random seeds, each run twice: equal to the byte.`;
  return `\nOf ${seeds} random seeds these were not the same the second time: ${differing.join(', ')}.`;
}

/** Makes what failed small, and tells it in words. */
async function explain(options: Options, { seed, breaches, broken }: SeedResult): Promise<void> {
  const [breach] = breaches;
  if (!breach) return;
  print(`\nSeed ${seed} breaks ${breach.invariant}: ${breach.says}\n`);
  const { payments, faults } = options;
  print('Looking for a smaller world that breaks it too …');
  const stage = await openStage();
  try {
    const failing = { seed, payments, faults, left: options.left, breach, broken };
    const found = await shrink(failing, async (plan) => {
      say(`\r${plan.payments.length} payments, ${plan.faults.length} faults … `);
      const result = await stage.run(plan);
      return result.breaches.find(({ invariant }) => invariant === breach.invariant);
    });
    print(`After ${found.runs} runs: ${found.plan.payments.length} payments, ${found.plan.faults.length} faults.\n`);
    print(`${found.line}\n`);
    await tell(stage, { ...failing, left: found.left }, options.words);
  } finally {
    await stage.close();
  }
}

/** One seed, with the words of its payments. */
async function one(options: Options & { seed: number }): Promise<number> {
  const stage = await openStage();
  try {
    return await tell(stage, options, options.words);
  } finally {
    await stage.close();
  }
}

/** Runs a plan and tells its payments in words: those asked for, or all where they are few, or the broken ones. */
async function tell(stage: Stage, replay: Replay, words: readonly number[] | undefined): Promise<number> {
  const plan = planOf(replay.seed, replay);
  const lines: string[] = [];
  const { breaches, broken, story = [], digest, lasted } = await stage.run(plan, { trace: (line) => lines.push(line) });
  const trace: Trace = { plan, lines, story, breaches };
  const few = plan.payments.length <= 3 ? plan.payments.map(({ n }) => n) : broken.slice(0, 3);
  for (const n of words ?? few) print(`${inWords(n, trace)}\n`);
  for (const { invariant, says } of breaches) print(`${invariant}: ${says}`);
  const seconds = (lasted / 1_000).toFixed(1);
  print(`Seed ${plan.seed}: ${breaches.length} violations, ${seconds} virtual seconds, digest ${digest.slice(0, 16)}.`);
  return breaches.length > 0 ? 1 : 0;
}

function progress({ seeds, payments, breaches }: ReturnType<ReturnType<typeof openAccount>['totals']>, began: number) {
  const rate = payments / Math.max((performance.now() - began) / 1_000, 0.001);
  say(`\r${seeds} seeds, ${payments} payments, ${rate.toFixed(0)}/s, ${breaches.length} violations `);
}

function minutesSince(began: number): number {
  return (performance.now() - began) / 60_000;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** News for whoever watches; the report goes to the standard output. */
function say(text: string): void {
  process.stderr.write(text);
}
