import type { FailpointLabel } from '#db/failpoints.ts';
import type { Dice } from '../engine/dice.ts';
import type { FaultKind } from '../faults.ts';
import { type PlannedFault, type ProcessName, providerNames } from '../plan.ts';

interface Of {
  dice: Dice;
  rate: number;
  payments: number;
  /** How long clients go on beginning, in milliseconds. */
  span: number;
}

type Late = readonly [from: number, below: number];

type Kind<On extends PlannedFault['on']> = { times: number } & (On extends 'process'
  ? { processes?: readonly ProcessName[]; late?: Late /** Where it is longer at an API. */; lateAtDoors?: Late }
  : On extends 'database'
    ? { labels: readonly FailpointLabel[]; late?: Late }
    : { late?: Late });

const doors = ['api-1', 'api-2', 'api-1', 'api-2', 'worker-1', 'worker-2'] as const;
const workers = ['worker-1', 'worker-2'] as const;
const seconds = 1_000;

/** Milliseconds after the last client has begun, in which most of them still are at it. */
const afterwards = 15_000;

/** How often each kind strikes among 200 payments, where, and for how long. */
// biome-ignore format: tables
const onProcesses: Partial<Record<FaultKind, Kind<'process'>>> = {
  F1:  { times: 3.5 },
  F4:  { times: 3 },
  F7:  { times: 2.2, late: [70 * seconds, 110 * seconds], lateAtDoors: [190 * seconds, 260 * seconds] },
  F38: { times: 2.5, late: [30 * seconds, 240 * seconds] },
  F39: { times: 2, late: [60 * seconds, 61 * seconds] },
  F50: { times: 2 },
  F58: { times: 2.5, processes: workers },
};

/** Transactions by their labels, and how many of each 200 payments make at least. */
// biome-ignore format: a table
const transactions: Readonly<Partial<Record<FailpointLabel, number>>> = {
  'payments.commit': 500, 'idempotency.answer': 150, 'payments.ask': 40, 'payments.sweep': 10, 'events.consume': 200,
  'webhooks.receive': 150, 'webhooks.take': 40, 'webhooks.settle': 40,
};
// biome-ignore format: a table
const money: FailpointLabel[] = [
  'payments.commit', 'payments.commit', 'payments.commit', 'idempotency.answer', 'payments.ask',
];
// biome-ignore format: a table
const every: FailpointLabel[] = [
  ...money, 'payments.sweep', 'events.consume', 'events.consume', 'events.consume', 'webhooks.receive',
  'webhooks.take', 'webhooks.settle',
];

/** After which the database stops, or within which. */
const ends: FailpointLabel[] = [
  ...money,
  'webhooks.receive',
  'webhooks.receive',
  'webhooks.receive',
  'webhooks.receive',
];

// biome-ignore format: a table
const inTransactions: Partial<Record<FaultKind, Kind<'database'>>> = {
  F2:  { times: 3, labels: every },
  F3:  { times: 4, labels: every },
  F28: { times: 2.2, labels: ends, late: [1 * seconds, 12 * seconds] },
  F34: { times: 3, labels: every },
  F45: { times: 3, labels: ['payments.commit'], late: [0.5 * seconds, 4 * seconds] },
};

/** Whose effect would be seen if it happened twice comes twice. */
const consumers = ['payment rows', 'hourly figures', 'hourly figures', 'merchant webhooks', 'alerts', 'orders'];
const busy = 12;
// biome-ignore format: a table
const onTheBus: Partial<Record<FaultKind, Kind<'bus'>>> = {
  F41: { times: 2.2 }, F42: { times: 2.2 }, F43: { times: 2.5 }, F44: { times: 3 },
};

// biome-ignore format: a table
const atAcquirers: Partial<Record<FaultKind, Kind<'acquirer'>>> = {
  F18: { times: 0.8, late: [5 * seconds, 40 * seconds] },
};

/** What befalls processes, the database, consumers and acquirers, whichever payments are under way. */
export function faultsOfWorld(of: Of): PlannedFault[] {
  const { dice, payments, span } = of;
  const at = (name: string) => dice.whole(`${name}/at`, span + afterwards);
  return [
    ...struck(of, onProcesses, (name, { processes = doors, lateAtDoors }) => {
      const process = dice.pick(`${name}/process`, processes);
      const longer = process.startsWith('api') && lateness(dice, name, lateAtDoors);
      return { on: 'process', process, at: at(name), ...longer };
    }),
    ...struck(of, inTransactions, (name, { labels }) => {
      const label = dice.pick(`${name}/label`, labels);
      const most = ((transactions[label] ?? 1) * payments) / 200;
      return { on: 'database', label, nth: 1 + dice.whole(`${name}/nth`, Math.max(1, Math.floor(most))) };
    }),
    ...struck(of, onTheBus, (name) => ({
      on: 'bus',
      consumer: dice.pick(`${name}/consumer`, consumers),
      nth: 1 + dice.whole(`${name}/nth`, busy),
    })),
    ...struck(of, atAcquirers, (name) => ({
      on: 'acquirer',
      provider: dice.pick(`${name}/provider`, providerNames),
      at: at(name),
    })),
  ];
}

type Place = PlannedFault extends infer One ? (One extends PlannedFault ? Omit<One, 'id' | 'kind'> : never) : never;

/** Each kind as often as its rate says; what is left over of a whole number is a chance. */
function struck<On extends PlannedFault['on']>(
  { dice, rate, payments }: Of,
  kinds: Partial<Record<FaultKind, Kind<On>>>,
  place: (name: string, kind: Kind<On>) => Place,
): PlannedFault[] {
  return Object.entries(kinds).flatMap(([kind, of]) => {
    const expected = (of.times * rate * payments) / 200;
    const times = Math.floor(expected) + Number(dice.chance(`${kind}/once more`, expected % 1));
    return Array.from({ length: times }, (_, n) => {
      const id = `${kind}.${n + 1}`;
      return { ...lateness(dice, id, of.late), ...place(id, of), id, kind } as PlannedFault;
    });
  });
}

function lateness(dice: Dice, id: string, late: Late | undefined) {
  return late ? { milliseconds: late[0] + dice.whole(`${id}/late`, late[1] - late[0]) } : {};
}
