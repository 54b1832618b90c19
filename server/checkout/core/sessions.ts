import type { Database } from '#db/client.ts';
import { isOfOneRow } from '#db/row-errors.ts';
import type { Transact } from '#db/transaction.ts';
import { inFlight, isOfTakenKey } from '#server/idempotency/keys.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { ofQuestions, together } from '#server/kernel/lane.ts';
import { type Birth, insertSessions } from './births.ts';
import { type FindSession, makeFindSession } from './find-session.ts';
import { markAttempts, type Press, type Pressed } from './mark-attempts.ts';

interface SessionSeams {
  db: Database;
  transact: Transact;
  clock: Clock;
}

/** What is asked of the sessions' tables by one at a time, and answered to many at once: they share commits. */
export interface Sessions {
  find: FindSession;
  /** @throws Refusal `idempotency_in_flight` when somebody else has the key. */
  insert(birth: Birth): Promise<void>;
  markAttempt(press: Press): Promise<Pressed>;
}

export function makeSessions({ db, transact, clock }: SessionSeams): Sessions {
  // A transaction has a patience of its own.
  const seams = { ...ofQuestions, clock, patience: 0, isOfOne: isOfOneRow };
  const insert = together(seams, async (births: readonly Birth[]) => {
    const first = firstOfTheirKeys(births);
    await transact('checkout.create', (tx) => insertSessions(tx, [...first]), { writesOnce: true });
    return births.map((birth) => first.has(birth));
  });
  const mark = (presses: readonly Press[]) =>
    transact('checkout.attempt', (tx) => markAttempts(tx, presses), { writesOnce: true });
  const markTogether = together(seams, mark);
  return {
    find: makeFindSession({ db, clock }),
    async insert(birth) {
      const made = await insert(birth).catch((error) => {
        if (isOfTakenKey(error)) return false;
        throw error;
      });
      if (!made && birth.claim) throw inFlight(birth.claim);
    },
    async markAttempt(press) {
      const pressed = await markTogether(press);
      if (pressed !== 'closed') return pressed;
      const [alone] = await mark([press]);
      return alone ?? 'closed';
    },
  };
}

/** Of those with the same key, the one that came first. */
function firstOfTheirKeys(births: readonly Birth[]): Set<Birth> {
  const byKey = new Map<unknown, Birth>();
  for (const birth of births) {
    const { claim } = birth;
    const key = claim ? `${claim.merchantId} ${claim.key}` : birth;
    if (!byKey.has(key)) byKey.set(key, birth);
  }
  return new Set(byKey.values());
}
