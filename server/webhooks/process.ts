import type { Transact } from '#db/transaction.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { Log } from '#server/observability/log.ts';
import { counter } from '#server/observability/metrics.ts';
import type { Hearing, Payments } from '#server/payments/payments.ts';
import { makeInquiries } from './core/inquiries.ts';
import { readSay } from './core/say-text.ts';
import { settleWaiting, takeWaiting, type Verdict, type Waiting } from './core/store.ts';

export interface ProcessorSeams {
  transact: Transact;
  clock: Clock;
  log: Log;
  payments: Pick<Payments, 'hear' | 'ask'>;
}

export interface Processor {
  /** Hands one webhook to payments and writes down what became of it. */
  settle(waiting: Waiting): Promise<Verdict>;
  /** Deals with at most `limit` webhooks that were stored and left; for the worker. Returns how many it took up. */
  process(limit: number): Promise<number>;
}

const settledWebhooks = counter({
  name: 'florin_provider_webhooks_settled_total',
  help: 'Genuine provider webhooks, by what became of them',
  labels: ['provider', 'status'],
});

/**
 * Makes genuine webhooks count. Any of them may be handed to payments twice, by a process that died after it and by the
 * one that took it up: hearing is idempotent, and so is writing down what became of it.
 */
export function makeProcessor({ transact, clock, log, payments }: ProcessorSeams): Processor {
  const inquire = makeInquiries({ clock, log, payments });

  async function settle(waiting: Waiting): Promise<Verdict> {
    const { id, provider, say } = waiting;
    const hearing = await payments.hear({ provider, cause: 'webhook', say: readSay(say) });
    const verdict = verdictOf(hearing);
    await transact('webhooks.settle', (tx) => settleWaiting(tx, waiting, { verdict, now: clock.now() }));
    settledWebhooks.inc({ provider, status: verdict.status });
    const { status, reason, paymentId } = verdict;
    log.info(
      { event: id, provider, status, reason: reason ?? undefined, payment: paymentId ?? undefined },
      'webhook dealt with',
    );
    if (hearing.kind === 'disagrees') inquire(provider, hearing);
    return verdict;
  }

  return {
    settle,
    async process(limit) {
      const taken = await transact('webhooks.take', (tx) => takeWaiting(tx, { now: clock.now(), limit }));
      for (const waiting of taken) {
        await settle(waiting).catch((error: unknown) => {
          log.error({ event: waiting.id, provider: waiting.provider, error }, 'a webhook could not be dealt with yet');
        });
      }
      return taken.length;
    },
  };
}

function verdictOf(hearing: Hearing): Verdict {
  switch (hearing.kind) {
    case 'recorded':
      return { ...of(hearing), status: 'applied', reason: null };
    case 'known':
      return { ...of(hearing), status: 'known', reason: null };
    case 'unmatched':
      return { paymentId: null, merchantId: null, status: 'rejected', reason: 'unmatched' };
    case 'disagrees':
      return { ...of(hearing), status: 'rejected', reason: `${hearing.in}_differs` };
  }
}

function of({ paymentId, merchantId }: { paymentId: string; merchantId: string }) {
  return { paymentId, merchantId };
}
