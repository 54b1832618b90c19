import type { Life } from '../engine/engine.ts';
import type { FaultKind } from '../faults.ts';
import type { PaymentPlan, ProcessName } from '../plan.ts';
import type { Merchant, World } from '../world/world.ts';
import type { Answers } from './answers.ts';

/** Who wants one payment made: the merchant's program, and the shopper whose card it is. */
export interface Client {
  world: World;
  payment: PaymentPlan;
  merchant: Merchant;
  life: Life;
  answers: Answers;
  /** The faults of kind `client` that its nth changing request meets. */
  strikes(nth: number): readonly FaultKind[];
  /** Whether one of its requests is planned to meet this kind, whichever. */
  isStruck(kind: FaultKind): boolean;
  /** Counts a changing request, and tells which it is. */
  next(): number;
}

/** The client has gone for good: whatever it still wanted is not asked for any more. */
export class Gone extends Error {
  override name = 'Gone';
}

const doors = ['api-1', 'api-2'] as const satisfies ProcessName[];
export type Door = (typeof doors)[number];

export function otherDoor(door: Door): Door {
  return door === 'api-1' ? 'api-2' : 'api-1';
}

/** A throw of the dice that belongs to this client alone. */
export function named({ payment }: Client, what: string): string {
  return `client/${payment.n}/${what}`;
}

/** The process that a request goes to first. */
export function doorOf(client: Client, what: string): Door {
  return client.world.engine.dice.pick(named(client, `${what}/door`), doors);
}

/** Waits from `from` to `below` milliseconds of virtual time. */
export function pause(client: Client, what: string, [from, below]: readonly [number, number]): Promise<void> {
  return client.life.clock.sleep(from + client.world.engine.dice.whole(named(client, what), below - from));
}

/** A line of this payment's own trace. */
export function tell({ world, payment }: Client, line: string): void {
  world.engine.note(`payment ${payment.n}: ${line}`);
}

/** It made a difference to this payment. */
export function took({ world, payment }: Client, kind: FaultKind): void {
  world.engine.tally.took(kind, [payment.n]);
}

/** What comes of `work`, or undefined where it fails or takes longer: who looks at a page gives up some time. */
export function within<T>({ life }: Pick<Client, 'life'>, ms: number, work: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve) => {
    const forget = life.clock.after(ms, () => resolve(undefined));
    const end = (value: T | undefined) => {
      forget();
      resolve(value);
    };
    work.then(end, () => end(undefined));
  });
}
