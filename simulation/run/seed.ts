import { uuidv7 } from '#server/kernel/id.ts';
import { makeClients } from '../clients/clients.ts';
import { type Dice, makeDice } from '../engine/dice.ts';
import { makeScheduler } from '../engine/scheduler.ts';
import type { FaultCount, FaultKind } from '../faults.ts';
import type { Evidence, JournalLine } from '../judge/evidence.ts';
import type { Breach } from '../judge/invariant.ts';
import { judge } from '../judge/judge.ts';
import { stepCheck, unmarked } from '../judge/step-check.ts';
import { type Plan, providerNames } from '../plan.ts';
import { makeWorld } from '../world/make.ts';
import { type Stage as Databases, openStage as openDatabases } from '../world/stage.ts';
import type { Merchant, World } from '../world/world.ts';
import { acceptedByModel } from './accepted.ts';
import { restless } from './rest.ts';
import { type Committed, storyOf } from './story.ts';
import { makeTally } from './tally.ts';
import { waysOf } from './ways.ts';

/** What became of one world. */
export interface SeedResult {
  seed: number;
  payments: number;
  breaches: Breach[];
  /** Places in the plan of those payments that a breach names. */
  broken: number[];
  /** Of all that happened, in its order: equal for equal runs. */
  digest: string;
  counts: Record<FaultKind, FaultCount>;
  /** By payment of the plan: the faults that it met. */
  met: [payment: number, kinds: FaultKind[]][];
  /** How often each step of the table of moves was taken: `authorized begin_capture`. */
  edges: Record<string, number>;
  /** By payment of Florin's: its way and the faults that it met, without times and ids. */
  ways: string[];
  steps: number;
  /** Virtual milliseconds in all, and from the last thing that a client did until nothing was left to do. */
  lasted: number;
  restAfter: number;
  /** Where the trace was asked for: what was committed about each payment. */
  story?: Committed[];
}

/** Runs worlds, one after the other, on a PostgreSQL of its own. */
export interface Stage {
  run(plan: Plan, options?: { trace?: (line: string) => void }): Promise<SeedResult>;
  close(): Promise<void>;
}

/** Every world begins at this moment. */
const start = new Date('2026-03-01T12:00:00Z');

/** Virtual milliseconds: a world that has not come to rest by then never will, says the judge. */
const longest = 3 * 3_600_000;

export async function openStage(): Promise<Stage> {
  const databases = await openDatabases();
  return {
    run: (plan, { trace } = {}) => run(databases, plan, trace),
    close: databases.close,
  };
}

async function run(databases: Databases, plan: Plan, trace?: (line: string) => void): Promise<SeedResult> {
  const dice = makeDice(plan.seed);
  const tally = makeTally();
  const engine = makeScheduler({ dice, tally, start, blocked: databases.blocked });
  if (trace) engine.listen(trace);
  const merchants = [account(dice, 0), account(dice, 1)] as const;
  await databases.clear(merchants, start);
  const steps: Breach[] = [];
  let mark = unmarked;
  async function moved(): Promise<void> {
    const checked = await stepCheck(databases.sql, mark);
    mark = checked.mark;
    steps.push(...checked.breaches);
  }
  const world = makeWorld({ engine, stage: databases, plan, merchants, moved });
  await world.start();
  const clients = makeClients({ world, plan });
  clients.start();
  let lastWish = 0;
  let rest: number | undefined;
  let left: string | undefined;
  /** The acquirers end their last day when all is done: what they then say of it is to be taken in, too. */
  async function leftToDo(): Promise<string | undefined> {
    if (!clients.done() || !world.quiet()) {
      if (rest === undefined) lastWish = engine.elapsed();
      return clients.done() ? world.underWay() : 'a client is at it';
    }
    const waiting = await restless(databases.sql, world.network.files());
    if (waiting !== undefined || rest !== undefined) return waiting;
    rest = engine.elapsed();
    world.endDay();
    return 'the acquirers end their day';
  }
  const how = await engine.run(async () => {
    left = await leftToDo();
    return left === undefined;
  }, longest);
  const now = new Date(start.getTime() + engine.elapsed());
  const evidence: Evidence = { sql: databases.sql, journals: journalsOf(world), answers: clients.answers(), now };
  // What the model does not know goes first: it is where the others come from, and easily made small.
  const breaches = [...steps, ...(await acceptedByModel(evidence)), ...(await judge(evidence, 'rest'))];
  if (how !== 'done') breaches.push({ invariant: 'I11', says: `Rest was not reached: ${reasons[how]} (${left}).` });
  const broken = breaches.flatMap(({ payment }) => world.network.placeOf(payment ?? '') ?? []);
  return {
    seed: plan.seed,
    payments: plan.payments.length,
    breaches,
    broken: [...new Set(broken)],
    digest: engine.digest(),
    counts: tally.counts(new Set(broken)),
    met: [...tally.met()].map(([n, kinds]) => [n, [...kinds]]),
    ...(await waysOf(databases.sql, tally.met())),
    steps: engine.steps(),
    lasted: engine.elapsed(),
    restAfter: (rest ?? engine.elapsed()) - lastWish,
    ...(trace && { story: await storyOf(databases.sql, start) }),
  };
}

const reasons = {
  late: 'something was still under way after three hours',
  stuck: 'something waits for what can never come',
};

function account(dice: Dice, n: 0 | 1): Merchant {
  const bytes = dice.bytes(`merchant/${n}`);
  return { id: uuidv7({ now: () => start, random: bytes })(), key: `sk_test_${bytes(24).toString('hex')}` };
}

function journalsOf({ network }: World): Evidence['journals'] {
  return new Map(providerNames.map((name) => [name, network.acquirer(name).journal() as unknown as JournalLine[]]));
}
