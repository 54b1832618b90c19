import type { Model } from '../model.ts';
import { op, pay } from '../words.ts';
import { clientSteps } from './clients.ts';
import { providerSteps } from './provider.ts';
import { move, type Wrong } from './record.ts';
import { at, fields, type State, start, sweep, unclosed } from './state.ts';
import { sweepSteps } from './sweep.ts';

/**
 * One payment at one provider: two tries of one shopper with one key, a capture and a void of the merchant, the sweep,
 * webhooks, requests lost, late and doubled, a provider that forgets its keys; everybody may be killed anywhere.
 */
export function onePayment(wrong?: Wrong): Model<State> {
  return {
    name: 'one payment',
    fields,
    start,
    payment: 'state',
    steps(s, go) {
      clientSteps(s, go, wrong);
      sweepSteps(s, go, wrong);
      providerSteps(s, go, wrong);
      if (s.owed === 1) {
        go('the posting is made', { ...s, owed: 0, ledger: s.ledger + 1 });
        go('killed before the posting', { ...s, owed: 0 });
      }
      if (s.stuck === 1 && !unclosed(s)) letGoByHand(s, go);
    },
    broken,
    atRest,
    brokenAtRest,
    landmarks,
  };
}

/** Two people let the card go in the provider's own console, and say so. */
function letGoByHand(s: State, go: (words: string, to: State, path: ['void', 'escalation_closed']) => void) {
  const { to } = move({ ...s, stuck: 0, voids: 1 }, 'void');
  go('two people let it go by hand', to, ['void', 'escalation_closed']);
}

function broken(s: State): string | undefined {
  if (s.authorizations > 1) return 'I1: two authorizations';
  if (s.captures > 1 || s.ledger > 1) return 'I2: captured twice';
  if (s.captures > 0 && s.voids > 0) return 'I3: captured and voided';
  if (s.state === pay.voided && s.captures > 0) return 'I3: captured there, voided here';
  if (s.authorizations > 0 && s.authorize === op.none)
    return 'I6: the provider holds money of which nothing is on record';
  if (isTold(s, at.told_paid) && isTold(s, at.told_failed)) return 'I8: one try was told "paid" and the other "failed"';
  return undefined;
}

function isTold({ try1, try2 }: State, what: number): boolean {
  return try1 === what || try2 === what;
}

function atRest(s: State): boolean {
  const atWork = [s.try1, s.try2, s.merchantCaptures, s.merchantVoids].some(
    (one) => one !== at.away && one !== at.told_paid && one !== at.told_failed,
  );
  const underWay = s.authorizeUnderWay + s.captureUnderWay + s.voidUnderWay;
  return !atWork && s.sweep === sweep.idle && underWay === 0 && !unclosed(s) && s.stuck === 0 && s.owed === 0;
}

function brokenAtRest(s: State): string | undefined {
  if (isTold(s, at.told_failed) && s.authorizations > 0) return 'I9: told "failed", and the money is held';
  if (isTold(s, at.told_paid) && s.authorizations === 0) return 'I9: told "paid", and nothing is held';
  if (s.state === pay.captured && s.ledger === 0) return 'I5: captured without a posting';
  const { says, holds } = truth[s.state] ?? nowhere;
  return holds(s) ? undefined : says;
}

interface Truth {
  says: string;
  holds(s: State): boolean;
}

const nothing = (s: State) => s.authorizations === 0;

/** What each state of rest says of the provider. */
const truth: Record<number, Truth> = {
  [pay.initiated]: { says: 'I6: nothing was begun, and the money is held', holds: nothing },
  [pay.failed]: { says: 'I9: failed here, and the money is held there', holds: nothing },
  [pay.authorized]: {
    says: 'I7: authorized here, and not there',
    holds: (s) => s.authorizations === 1 && s.captures === 0 && s.voids === 0,
  },
  [pay.captured]: {
    says: 'I7: captured here, and not there',
    holds: (s) => s.authorizations === 1 && s.captures === 1 && s.voids === 0,
  },
  [pay.voided]: {
    says: 'I7: voided here, and not there',
    holds: (s) => s.authorizations === 1 && s.captures === 0 && s.voids === 1,
  },
};
const nowhere: Truth = { says: 'I11: no state to rest in', holds: () => false };

const landmarks: Record<string, (s: State) => boolean> = {
  'it is captured after a void was refused': (s) => s.state === pay.captured && s.void === op.refused,
  'it is voided after a capture was refused': (s) => s.state === pay.voided && s.capture === op.refused,
  'both tries are told "paid"': (s) => s.try1 === at.told_paid && s.try2 === at.told_paid,
  'both tries are told "failed"': (s) => s.try1 === at.told_failed && s.try2 === at.told_failed,
  'nobody waits, and the provider holds the money unbeknown to us': (s) =>
    s.authorizations === 1 && s.authorize === op.open && s.try1 === at.away && s.try2 === at.away,
  'a copy of a request is under way after its answer was recorded': (s) =>
    s.authorizeUnderWay === 1 && s.authorize === op.accepted,
  'it is closed as absent': (s) => s.authorize === op.absent,
};
