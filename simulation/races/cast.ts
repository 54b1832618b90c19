import { Refusal } from '#server/kernel/refusal.ts';
import { type Dice, makeDice } from '../engine/dice.ts';
import { type Acquirer, makeAcquirer } from './acquirer.ts';
import type { Fixture, Given } from './fixtures.ts';
import type { Answer } from './judge/evidence.ts';
import { makeProcess, type Process } from './process.ts';
import { Schedule } from './schedule.ts';
import type { Stage } from './stage.ts';
import { idsOf, noon } from './time.ts';
import type { Weather, Wire } from './wire.ts';

/** What meets what, and from where it starts. */
export interface Scene {
  name: string;
  /** One line. */
  about: string;
  given: Given;
  weather(dice: Dice): Weather;
  /** Has everybody begin: they all stand at their first step when it returns. */
  begin(cast: Cast): void;
  /** Whether consumers have seen everything at the end, each event once. */
  consumes?: true;
}

/** Everybody who takes part in one schedule. */
export interface Cast {
  schedule: Schedule;
  dice: Dice;
  acquirer: Acquirer;
  wire: Wire;
  fixture: Fixture;
  answers: Answer[];
  /** The processes, from 0. A new one has new rooms. */
  api(n: number): Process;
  worker(n: number): Process;
  /** Somebody asks for something, and writes down the answer. */
  ask(who: Process, asked: Answer['asked'], work: (who: Process) => Promise<Answer['yes']>): Promise<void>;
}

export function makeCast(
  stage: Stage,
  { scene, seed, fixture }: { scene: Scene; seed: number; fixture: Fixture },
): Cast {
  const dice = makeDice(seed);
  const names = [...stage.api, ...stage.workers].map(({ name }) => name);
  const dawdler = dice.chance('somebody dawdles', 0.5) ? dice.pick('dawdler', names) : undefined;
  const schedule = new Schedule({ dice, locks: stage.locks, now: noon, dawdler });
  const acquirer = makeAcquirer(fixture.journal);
  const wire: Wire = { schedule, dice, acquirer, weather: scene.weather(dice) };
  const ids = idsOf(() => schedule.now, dice.bytes(`ids of ${scene.name}`));
  const made = new Map<string, Process>();
  const answers: Answer[] = [];

  function processOf(of: Stage['api'], n: number): Process {
    const connected = of[n];
    if (!connected) throw new Error(`there is no process ${n}`);
    const known = made.get(connected.name) ?? makeProcess(connected, wire, ids);
    made.set(connected.name, known);
    return known;
  }

  return {
    schedule,
    dice,
    acquirer,
    wire,
    fixture,
    answers,
    api: (n) => processOf(stage.api, n),
    worker: (n) => processOf(stage.workers, n),
    async ask(process, asked, work) {
      const { name: who } = process;
      const words = [asked.verb, asked.body && `with the ${asked.body} body`].filter(Boolean).join(' ');
      schedule.trace.push(`${who} is asked to ${words}`);
      try {
        const yes = await work(process);
        answers.push({ who, asked, ...(yes && { yes }) });
        schedule.trace.push(`${who} answers ${words}: ${yes?.is ?? 'done'}`);
      } catch (error) {
        const no = error instanceof Refusal ? { refusal: error.code } : { failure: String(error) };
        answers.push({ who, asked, no });
        schedule.trace.push(`${who} answers ${words}: no, ${error instanceof Refusal ? error.code : error}`);
      }
    },
  };
}
