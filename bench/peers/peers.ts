import type { Bench, Case, Figure } from '../case.ts';
import { median } from '../measure/spread.ts';
import { dbos } from './dbos.ts';
import { install } from './packages.ts';
import type { Peer, Study } from './peer.ts';
import { restate } from './restate.ts';
import { costOf, florinsTurn, peersTurn, type Turn } from './turn.ts';

interface Subject {
  name: string;
  take(bench: Bench, study: Study): Promise<Turn>;
}

const all: readonly Peer[] = [dbos, restate];

export const peers: Case = {
  name: 'peers',
  measures:
    'The saga in five steps on Florin, DBOS and Restate in turn, each with an empty store, provider and warehouse ' +
    'answering at once. A peer writes one row for a step; Florin all that it writes for a payment.',
  async run(bench) {
    await install(bench.say);
    const study = { orders: bench.options.orders, clients: 100 };
    const subjects: Subject[] = [
      { name: 'Florin', take: florinsTurn },
      ...all.map((peer) => ({
        name: `${peer.name} ${peer.version}`,
        take: (told: Bench, asked: Study) => peersTurn(told, peer, asked),
      })),
    ];
    const rounds: Turn[][] = [];
    for (let n = 0; n < Math.min(3, bench.options.rounds); n++) rounds.push(await round(bench, { subjects, study, n }));
    return figuresOf(subjects, study, rounds);
  },
};

/** Whoever came first in one round comes last in the next. */
async function round(bench: Bench, { subjects, study, n }: { subjects: Subject[]; study: Study; n: number }) {
  const turns: Turn[] = [];
  for (let k = 0; k < subjects.length; k++) {
    const at = (k + n) % subjects.length;
    const subject = subjects[at];
    if (!subject) continue;
    const turn = await subject.take(bench, study);
    turns[at] = turn;
    bench.say(`${subject.name}: ${turn.seconds.toFixed(2)} s, ${inWords(turn)}`);
    if (turn.made !== study.orders || turn.duplicates + turn.lost > 0) {
      bench.breaches.push(`peers: ${subject.name}: ${inWords(turn)}, of ${study.orders}`);
    }
  }
  return turns;
}

function inWords(turn: Turn): string {
  const { made, duplicates, lost } = turn;
  return `${made} made, ${duplicates} duplicates, ${lost} lost, ${costOf(turn).toFixed(2)} ms of the processor each`;
}

/** Each engine by itself, then Florin beside each peer of the same rounds, by sagas and by the processor's time. */
export function figuresOf(subjects: readonly { name: string }[], study: Study, rounds: readonly Turn[][]): Figure[] {
  const turnsOf = (at: number) => rounds.flatMap((turns) => turns[at] ?? []);
  const florin = turnsOf(0);
  const alone = subjects.map(({ name }, at) => figureOf(`${name}, ${study.orders} by ${study.clients}`, turnsOf(at)));
  const beside = all.flatMap(({ name, goal }, n): Figure[] => {
    const theirs = turnsOf(n + 1);
    return [
      {
        what: `Florin beside ${name}`,
        unit: 'sagas/s',
        rounds: florin.map(({ sagasPerSecond }) => sagasPerSecond),
        beside: theirs.map(({ sagasPerSecond }) => sagasPerSecond),
        goals: [{ of: 'ratio', atLeast: goal }],
      },
      {
        what: `${name} beside Florin, processor's time`,
        unit: 'ms/saga',
        rounds: theirs.map(costOf),
        beside: florin.map(costOf),
      },
    ];
  });
  return [...alone, ...beside];
}

function figureOf(what: string, turns: readonly Turn[]): Figure {
  const classes = Object.keys(turns[0]?.milliseconds ?? {});
  const spent = classes.map((name) => [`ms ${name}`, median(turns.map(({ milliseconds }) => milliseconds[name] ?? 0))]);
  return {
    what,
    unit: 'sagas/s',
    rounds: turns.map(({ sagasPerSecond }) => sagasPerSecond),
    details: {
      seconds: median(turns.map(({ seconds }) => seconds)),
      ...Object.fromEntries(spent),
      made: Math.max(...turns.map(({ made }) => made)),
      duplicates: Math.max(...turns.map(({ duplicates }) => duplicates)),
      lost: Math.max(...turns.map(({ lost }) => lost)),
    },
  };
}
