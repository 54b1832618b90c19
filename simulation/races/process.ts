import { makeTransact } from '#db/transaction.ts';
import { makeBus } from '#server/events/bus.ts';
import type { Bus } from '#server/events/consumer.ts';
import { makeKeys, type StoredKeys } from '#server/idempotency/make.ts';
import type { Ids } from '#server/kernel/id.ts';
import { makeLog } from '#server/observability/log.ts';
import { makePayments } from '#server/payments/make.ts';
import type { Payments } from '#server/payments/payments.ts';
import { gate, type Lines } from './gate.ts';
import { clockOf } from './time.ts';
import { providersOf, type Wire } from './wire.ts';

/** A simulated process: the real rooms, over connections, a wire and a clock that wait for their turn. */
export interface Process {
  name: string;
  payments: Payments;
  keys: StoredKeys;
  bus: Bus;
}

/** The connections of a process: its own, and those of the mover. */
export interface Connected {
  name: string;
  own: Lines;
  mover: Lines;
}

export const card = { brand: 'visa', last4: '4242', expMonth: 12, expYear: 2031, fingerprint: 'fp_1' };
const log = makeLog('races', { write: () => {} });
/** Nobody; but what passes here has its BEGIN and its COMMIT, and others go on in between. */
const failpoint = () => {};

export function makeProcess({ name, own, mover }: Connected, wire: Wire, ids: Ids): Process {
  const { schedule } = wire;
  const clock = clockOf(schedule, name);
  const sql = gate(own, schedule, name);
  const transact = makeTransact(sql, { clock, failpoint });
  return {
    name,
    payments: makePayments({
      sql,
      mover: gate(mover, schedule, name),
      clock,
      ids,
      vault: { describe: async () => card },
      providers: providersOf(wire, name),
      log,
      failpoint,
    }),
    keys: makeKeys({ sql, transact, clock }),
    bus: makeBus({ sql, transact, clock }),
  };
}
