import type { Engine } from '../engine/engine.ts';
import type { Lever } from './acquirer.ts';
import { makeForgetting } from './acquirer-forgets.ts';
import { type AcquirerFault, type AcquirerFaultSeams, type Count, makeCount, strikes } from './acquirer-strikes.ts';
import type { Course, Passage } from './exchange.ts';
import type { Letter } from './vault.ts';

/** What goes wrong with a whole acquirer for a while. A fault that names a payment finds it wherever its money is. */
export interface AcquirerFaults {
  course(letter: Letter, plain: Course): Course | undefined;
  unreachable(letter: Letter): 'refused' | 'lost' | 'hangs' | undefined;
  before(letter: Letter): Promise<Lever | undefined>;
  after(letter: Letter): Promise<void>;
  over(passage: Passage): void;
  /** No webhook about this payment gets out. */
  isCutOff(n: number | undefined): boolean;
}

/** Milliseconds that a fault lasts where the plan does not say. */
const outage = 30_000;
const refusals = 20_000;
/** An acquirer that goes up and down does so after this many milliseconds. */
const flap = { least: 1_000, most: 4_000 };

export function makeAcquirerFaults(seams: AcquirerFaultSeams): AcquirerFaults {
  const { engine, plan } = seams;
  const planned = plan.faults.filter((fault) => fault.on === 'acquirer');
  const of = (kind: AcquirerFault['kind']) => planned.filter((fault) => fault.kind === kind);
  const count = makeCount(engine);
  const forgetting = makeForgetting(seams, of('F14'), count);
  const flapping = makeFlapping(engine, of('F18'), count);
  const refusing = makeRefusing(seams, of('F60'), count);
  const crossing = makeCrossing(seams, of('F55'), count);
  return {
    course: forgetting.course,
    unreachable: (letter) => flapping(letter) ?? (forgetting.isCutOff(letter.n) ? 'lost' : undefined),
    async before(letter) {
      await crossing(letter, 'before');
      return refusing.lever(letter);
    },
    async after(letter) {
      forgetting.arrived(letter);
      await crossing(letter, 'after');
    },
    over(passage) {
      forgetting.over(passage);
      refusing.over(passage);
    },
    isCutOff: forgetting.isSilent,
  };
}

/** F18: down first, then up, and so on; while it is down, each letter meets it in its own way. */
function makeFlapping(engine: Engine, faults: readonly AcquirerFault[], count: Count) {
  const { dice } = engine;
  const downs = faults.map((fault) => ({ fault, turns: turnsOf(engine, fault) }));
  return (letter: Letter) => {
    const now = engine.elapsed();
    const down = downs.find(
      ({ fault, turns }) => strikes(fault, letter, now, outage) && turns.filter((turn) => turn <= now).length % 2 === 1,
    );
    if (!down) return undefined;
    count.injected(down.fault, letter.n);
    if (letter.caller.alive) count.took(down.fault, letter.n);
    return dice.pick(`${down.fault.id} ${letter.name}`, ['refused', 'lost', 'hangs'] as const);
  };
}

function turnsOf({ dice }: Engine, { id, at, milliseconds = outage }: AcquirerFault): number[] {
  const turns: number[] = [];
  for (let when = at; when < at + milliseconds; ) {
    turns.push(when);
    when += flap.least + dice.whole(`${id} ${turns.length}`, flap.most - flap.least);
  }
  return turns;
}

/**
 * F60: mostly the capture is refused, so that the hold has to be let go; and voids and refunds fail, or are turned
 * away, and again.
 */
function makeRefusing({ engine, acquirers }: AcquirerFaultSeams, faults: readonly AcquirerFault[], count: Count) {
  const { dice, elapsed } = engine;
  const struck = new Map<Letter, AcquirerFault>();
  return {
    async lever(letter: Letter): Promise<Lever | undefined> {
      const { asked, n, name, provider } = letter;
      if (asked !== 'void' && asked !== 'refund' && asked !== 'capture') return undefined;
      const fault = faults.find((one) => strikes(one, letter, elapsed(), refusals));
      if (!fault || (asked === 'capture' && !dice.chance(`${fault.id} refuses`, 0.7))) return undefined;
      count.injected(fault, n);
      struck.set(letter, fault);
      if (asked !== 'capture') return { fault: dice.pick(`${fault.id} ${name}`, ['error', 'rate_limit']) };
      await acquirers[provider].refuse(letter);
      return undefined;
    },
    over({ letter, heard }: Passage) {
      const fault = struck.get(letter);
      struck.delete(letter);
      if (fault && heard) count.took(fault, letter.n);
    },
  };
}

/** F55: as our refund arrives, the bank takes the money back, or somebody returns it in the acquirer's console. */
function makeCrossing({ engine, acquirers }: AcquirerFaultSeams, faults: readonly AcquirerFault[], count: Count) {
  const { dice, elapsed } = engine;
  const done = new Set<AcquirerFault>();
  return async (letter: Letter, when: 'before' | 'after') => {
    if (letter.asked !== 'refund' || letter.n === undefined) return;
    const fault = faults.find((one) => !done.has(one) && strikes(one, letter, elapsed()));
    if (!fault || dice.pick(`${fault.id} when`, ['before', 'after'] as const) !== when) return;
    done.add(fault);
    count.injected(fault, letter.n);
    const { amount } = JSON.parse(letter.body ?? '{}') as { amount: number };
    const whole = dice.chance(`${fault.id} whole`, 0.5);
    const takes = { chargeback: ['chargeback'], refund: ['refund'], both: ['chargeback', 'refund'] } as const;
    let made = false;
    for (const what of takes[dice.pick(`${fault.id} what`, ['chargeback', 'refund', 'both'] as const)]) {
      made = (await acquirers[letter.provider].take(what, letter.n, whole ? amount : 1)) || made;
    }
    if (made) count.took(fault, letter.n);
  };
}
