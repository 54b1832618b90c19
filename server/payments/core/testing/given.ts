import { type Connections, openDatabase } from '#db/client.ts';
import { testDatabase } from '#db/testing/database.ts';
import { type Failpoint, makeTransact } from '#db/transaction.ts';
import { systemClock } from '#server/kernel/clock.ts';
import { uuidv7 } from '#server/kernel/id.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import type { Outcome } from '#server/providers/outcome.ts';
import type { Change } from '../change.ts';
import { makeCommit } from '../commit.ts';
import { decideCapture, decideConfirm, decideCreate, decideRefund } from '../decide.ts';
import { decideOutcome } from '../decide-outcome.ts';
import { makeLoad } from '../load.ts';
import { type Intent, unborn as nothingYet, type Operation, type Payment } from '../payment.ts';

export const ids = uuidv7({ now: systemClock.now, random: systemRandom });
export const because = { cause: 'test', actor: { kind: 'workload', id: 'test' } };
const exchange = { status: 200, milliseconds: 1 };

/** A migrated database with the real mover on it. */
export async function moverOnDatabase(failpoint?: Failpoint) {
  const database = await testDatabase();
  const connections: Connections = openDatabase({ url: database.url('web'), application: 'test' });
  const commit = makeCommit({ transact: makeTransact(connections.mover, { failpoint }), clock: systemClock, ids });
  return {
    ...connections,
    database,
    commit,
    load: makeLoad({ sql: connections.sql, clock: systemClock }),
    async [Symbol.asyncDispose]() {
      await connections.close();
      await database.drop();
    },
  };
}

export type Mover = Awaited<ReturnType<typeof moverOnDatabase>>;

export function newIntent(fields: Partial<Intent> = {}): Intent {
  return {
    id: ids(),
    merchantId: ids(),
    amount: 10_000n,
    currency: 'EUR',
    captureMethod: 'manual',
    description: null,
    reference: null,
    receiptEmail: null,
    metadata: {},
    attempts: 0,
    canceledAt: null,
    cancellationReason: null,
    createdAt: new Date(),
    ...fields,
  };
}

export function unborn(intent: Intent): Payment {
  return nothingYet(intent, { id: ids(), at: new Date() });
}

export function operation(kind: Operation['kind'], amount: bigint): Operation {
  const now = new Date();
  return {
    id: ids(),
    kind,
    status: 'open',
    provider: 'alder',
    amount,
    request: { method: 'POST', path: '/' },
    step: 1,
    sends: 1,
    sentAt: now,
    sendBefore: now,
    openedAt: now,
    closedAt: null,
    providerRef: null,
    fee: null,
    code: null,
    message: null,
    reason: null,
    note: null,
    against: null,
    targetRef: null,
    challengeUrl: null,
    isForeign: false,
    inquiries: 0,
    askedAt: now,
    askAt: now,
  };
}

export function birth(intent = newIntent()): Change {
  return decideCreate(intent, unborn(intent), because);
}

export function confirmation(payment: Payment, { decision = 'approve' as 'approve' | 'review' | 'reject' } = {}) {
  return {
    token: 'pm_test',
    card: { brand: 'visa', last4: '4242', expMonth: 12, expYear: 2031 },
    fingerprint: 'fp_test',
    verdict: {
      id: ids(),
      decision,
      score: 0,
      reasons: [],
      fingerprint: 'fp_test',
      address: null,
      amount: payment.amount,
    },
    plan: { providers: ['alder'], reason: 'test', skipped: [] },
    returnUrl: null,
    at: new Date(),
    queueFor: 600_000,
    authorize: operation('authorize', payment.amount),
  };
}

export function confirming(payment: Payment, intent: Intent, options = {}): Change {
  return decideConfirm(intent, payment, confirmation(payment, options), because);
}

/** The change that an answer to the payment's only unclosed operation leads to. */
export function answered(payment: Payment, outcome: Outcome): Change {
  const open = payment.operations.find(({ status }) => status === 'open');
  if (!open) throw new Error('nothing is open');
  const told = {
    at: new Date(),
    because,
    draft: (wanted: Pick<Operation, 'kind' | 'amount'>) => ({ ...operation(wanted.kind, wanted.amount), ...wanted }),
    newId: ids,
    onward: () => undefined,
    queueFor: 600_000,
    holdFor: () => 604_800_000,
  };
  const change = decideOutcome(payment, open, outcome, told);
  if (!change) throw new Error('closed already');
  return change;
}

export const yes = (amount: bigint, ref = `ref_${ids()}`): Outcome => ({
  kind: 'accepted',
  providerRef: ref,
  amount,
  currency: 'EUR',
  exchange,
});
export const no: Outcome = {
  kind: 'refused',
  code: 'insufficient_funds',
  providerCode: null,
  message: 'no',
  retryable: false,
  exchange,
};
export const silence: Outcome = { kind: 'unknown', why: 'timeout', exchange };

/** A payment taken to `state` by the ordinary way, each step committed. */
export async function given(
  commit: Mover['commit'],
  state: 'initiated' | 'authorized' | 'captured',
  intent = newIntent(),
) {
  let payment = await commit(birth(intent));
  if (state === 'initiated') return payment;
  payment = await commit(confirming(payment, intent));
  payment = await commit(answered(payment, yes(payment.amount)));
  if (state === 'authorized') return payment;
  payment = await commit(decideCapture(payment, operation('capture', payment.authorized), because));
  return commit(answered(payment, yes(payment.authorized)));
}

export function refunding(payment: Payment, amount: bigint): Change {
  return decideRefund(payment, operation('refund', amount), because);
}

export function claimOf(merchantId: string, key: string) {
  return { merchantId, key, fingerprint: Buffer.alloc(32, 1) };
}
