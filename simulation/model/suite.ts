import { type Explored, explore } from './explore.ts';
import { failover } from './failover/model.ts';
import { life, lifeOfBrokenPromises } from './life/model.ts';
import { narrowed } from './narrowed.ts';
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
  () => explore(lifeOfBrokenPromises()),
];

/** The same with fewer hands: some seconds instead of minutes. */
export const smallMachines: readonly (() => Explored)[] = [
  () => explore(narrowed(onePayment(), { happenings: /^try 2/, landmarks: /both tries/ })),
  () => explore(narrowed(failover({ tombstone: true }), { happenings: /^worker 2/ })),
  () => explore(narrowed(failover({ tombstone: false }), { happenings: /^worker 2/ })),
  () => explore(narrowed(refundsSideBySide(), { happenings: /^the third refund/, landmarks: /third/ })),
  () => explore(outbox()),
  () => explore(narrowed(life(), { happenings: /silence|decided later|is sent again/ })),
  () => explore(lifeOfBrokenPromises()),
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
