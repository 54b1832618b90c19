import type { RawSql } from '#db/client.ts';
import { type Failpoint, makeTransact } from '#db/transaction.ts';
import { requirePermission } from '#server/auth/permissions.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { Ids } from '#server/kernel/id.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import type { Log } from '#server/observability/log.ts';
import type { Providers } from '#server/providers/contract.ts';
import { makeRisk } from '#server/risk/assess.ts';
import type { Offer } from '#server/routing/plan.ts';
import { makeRouting } from '#server/routing/routing.ts';
import type { VaultClient } from '#server/vault-client/vault-client.ts';
import { ask } from './ask.ts';
import { backlog } from './backlog.ts';
import { cancel } from './cancel.ts';
import { capture } from './capture.ts';
import { confirmClose, proposeClose, withdrawClose } from './close-escalation.ts';
import { confirm } from './confirm.ts';
import { makeAgain } from './core/again.ts';
import { makeCommit } from './core/commit.ts';
import { type Load, makeLoad } from './core/load.ts';
import { makePulse } from './core/pulse.ts';
import { create } from './create.ts';
import { dequeue } from './dequeue.ts';
import { diagram } from './diagram.ts';
import { escalation, escalations } from './escalations.ts';
import { giveUp } from './give-up.ts';
import { hear } from './hear.ts';
import { settleHolds } from './holds.ts';
import { list } from './list.ts';
import type { Payments } from './payments.ts';
import { refund } from './refund.ts';
import { review } from './review.ts';
import type { Room } from './room.ts';
import { settle } from './settle.ts';
import { intentView, paymentView, possible, refundView } from './show.ts';
import { sweep } from './sweep.ts';
import { timeline } from './timeline.ts';

export interface PaymentsSeams {
  /** Reads. */
  sql: RawSql;
  /** The pool of the role that alone may write money. */
  mover: RawSql;
  clock: Clock;
  ids: Ids;
  vault: Pick<VaultClient, 'describe'>;
  providers: Providers;
  log: Log;
  /** The operator's settings of the providers; one that is not listed takes every currency and costs nothing. */
  offers?: readonly Offer[];
  /** Milliseconds without an answer until a person is told; ten minutes where it is left out. */
  escalateAfter?: number;
  /** Stops or kills at named places; only tests hand one in. */
  failpoint?: Failpoint;
}

/** Makes the room: its verbs and its questions, over the seams that it was given. */
export function makePayments(seams: PaymentsSeams): Payments {
  const { sql, mover, clock, ids, vault, providers, log } = seams;
  const transact = makeTransact(mover, { clock, failpoint: seams.failpoint });
  const load = makeLoad({ sql, clock });
  const room: Room = {
    sql,
    load,
    transact,
    clock,
    ids,
    vault,
    providers,
    log,
    commit: makeCommit({ transact, clock, ids }),
    again: makeAgain(clock),
    risk: makeRisk({ sql, clock, ids }),
    routing: makeRouting({ sql, clock, offers: seams.offers ?? [] }),
    pulse: makePulse(clock),
    escalateAfter: seams.escalateAfter ?? 600_000,
    queueFor: 600_000,
  };
  return {
    create: (caller, input) => create(room, caller, input),
    confirm: (caller, input) => confirm(room, caller, input),
    capture: (caller, input) => capture(room, caller, input),
    cancel: (caller, input) => cancel(room, caller, input),
    refund: (caller, input) => refund(room, caller, input),
    sweep: (limit, only) => sweep(room, limit, only),
    ask: (paymentId, merchantId) => ask(room, merchantId, paymentId),
    giveUp: (caller, paymentId) => giveUp(room, caller, paymentId),
    hear: (input) => hear(room, input),
    settle: (inputs) => settle(room, inputs),
    dequeue: (limit) => dequeue(room, limit),
    backlog: () => backlog(room),
    settleHolds: (limit) => settleHolds(room, limit),
    review: (caller, input) => review(room, caller, input),
    proposeClose: (caller, input) => proposeClose(room, caller, input),
    confirmClose: (caller, input) => confirmClose(room, caller, input),
    withdrawClose: (caller, input) => withdrawClose(room, caller, input),
    ...questions(sql, load),
  };
}

type Questions = 'intent' | 'payment' | 'refundById' | 'timeline' | 'list' | 'diagram' | 'escalations' | 'escalation';

function questions(sql: RawSql, load: Load): Pick<Payments, Questions> {
  return {
    async intent(caller, intentId) {
      requirePermission(caller, 'payments:read');
      const { intent, payment } = await load.intent(caller.merchantId, intentId);
      return intentView(intent, payment);
    },
    async payment(caller, paymentId) {
      requirePermission(caller, 'payments:read');
      const { intent, payment } = await load.payment(caller.merchantId, paymentId);
      return { ...paymentView(payment), possible: possible(payment), intent: intentView(intent, payment) };
    },
    async refundById(caller, refundId) {
      requirePermission(caller, 'payments:read');
      const [row] = await sql<{ payment_id: string }[]>`
        SELECT payment_id FROM operations WHERE id = ${refundId} AND merchant_id = ${caller.merchantId} AND kind = 'refund'`;
      if (!row) throw new Refusal('not_found', 'No such refund.');
      return refundView((await load.payment(caller.merchantId, row.payment_id)).payment, refundId);
    },
    timeline: (caller, paymentId) => timeline(sql, caller, paymentId),
    escalations: (caller, filter) => escalations(sql, caller, filter),
    escalation: (caller, escalationId) => escalation(sql, caller, escalationId),
    list: (caller, page) => list(sql, caller, page),
    diagram,
  };
}
