import { type Explored, explore } from './explore.ts';
import { failover } from './failover/model.ts';
import { life } from './life/model.ts';
import { outbox } from './outbox/model.ts';
import { onePayment } from './payment/model.ts';
import { refundsSideBySide } from './refunds/model.ts';
import { variants } from './variants.ts';

/** The right protocols, each explored whole. */
export const machines: readonly (() => Explored)[] = [
  () => explore(onePayment()),
  () => explore(failover({ tombstone: true })),
  () => explore(failover({ tombstone: false })),
  () => explore(refundsSideBySide()),
  () => explore(outbox()),
  () => explore(life()),
];

export interface Mistake {
  name: string;
  run(): Explored;
}

/** The wrong variants, each explored until it breaks. */
export const mistakes: readonly Mistake[] = [
  ...variants.payment.map((name) => ({ name, run: () => explore(onePayment(name)) })),
  ...variants.failover.map((name) => ({
    name,
    run: () => explore(failover({ tombstone: name === 'cascade on timeout', wrong: name })),
  })),
  ...variants.refunds.map((name) => ({ name, run: () => explore(refundsSideBySide(name)) })),
  ...variants.outbox.map((name) => ({ name, run: () => explore(outbox(name)) })),
];
