import type { RawSql } from '#db/client.ts';
import { isOfOneRow } from '#db/row-errors.ts';
import type { Transact } from '#db/transaction.ts';
import { inFlight, isOfTakenKey } from '#server/idempotency/keys.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { Ids } from '#server/kernel/id.ts';
import { invariant } from '#server/kernel/invariant.ts';
import { makeLane } from '#server/kernel/lane.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import type { Change } from './change.ts';
import { bearPayments, type Landed, movePayments } from './mover.ts';
import type { Payment } from './payment.ts';
import { refusalOfConstraint } from './refused.ts';
import { type BatchRows, batchRows } from './rows.ts';

export interface CommitSeams {
  transact: Transact;
  clock: Clock;
  ids: Ids;
}

/** At most so many changes in one transaction: more adds latency and no throughput. */
const batchSize = 50;
/** For each of the two statements; a third would only make batches ragged. */
const connections = 2;
/** Milliseconds until a change whose row somebody else holds comes again, and until it gives up. */
const skippedAgainAfter = 2;
const skippedAtMost = 5_000;

interface Waiting {
  change: Change;
  since: number;
  resolve(payment: Payment): void;
  reject(why: unknown): void;
}

/**
 * The one mover. Takes changes one by one, writes those that arrive together in one transaction, and answers each for
 * itself. A lone change waits for nobody: a batch is whatever has come in by the end of the turn of the event loop, or
 * while both connections were busy.
 *
 * @throws Refusal `stale` when the payment has moved on since the decision (decide again), `idempotency_in_flight` when
 *         the change's key is taken; whatever constraint the change breaks, as its own refusal. Neighbours go through.
 */
export type Commit = (change: Change) => Promise<Payment>;

export function makeCommit(seams: CommitSeams): Commit {
  const births = makeWriter(seams, bearPayments);
  const moves = makeWriter(seams, movePayments);
  return (change) =>
    new Promise((resolve, reject) => {
      invariant(change.steps.length > 0, 'a change without an event is no change');
      const since = seams.clock.now().getTime();
      (change.before === 0 ? births : moves)({ change, since, resolve, reject });
    });
}

/** Births and moves are two statements; each has its lane, and both share the mover's connections. */
function makeWriter(seams: CommitSeams, write: (sql: RawSql, rows: BatchRows) => Promise<Landed[]>) {
  const lane = makeLane({ clock: seams.clock, width: connections, take: split }, async (batch: Waiting[]) => {
    const skipped = await settle(batch);
    if (skipped.length > 0) seams.clock.after(skippedAgainAfter, () => comeAgain(skipped));
  });

  /** Somebody else held these rows; they go first in the next batch. */
  function comeAgain(skipped: Waiting[]): void {
    const now = seams.clock.now().getTime();
    const isLate = ({ since }: Waiting) => now - since > skippedAtMost;
    for (const { reject } of skipped.filter(isLate))
      reject(new Refusal('unavailable', 'The payment is busy. Nothing was changed; try again.'));
    lane.rejoin(skipped.filter((waiting) => !isLate(waiting)));
  }

  /** Writes a batch and answers everybody in it. Resolves to those who have to come again; never rejects. */
  async function settle(batch: Waiting[]): Promise<Waiting[]> {
    try {
      const at = seams.clock.now();
      const changes = batch.map(({ change }) => change);
      const rows = batchRows(changes, { ids: seams.ids, at });
      const all = await seams.transact('payments.commit', (sql) => write(sql, rows), { writesOnce: true });
      const landed = new Map(all.map(({ n, result }) => [n, result]));
      return batch.filter((waiting, n) => answer(waiting, landed.get(n), at));
    } catch (error) {
      return isolate(batch, error);
    }
  }

  /** Something in the batch broke a constraint: halve until the culprit stands alone, and hears its own error. */
  async function isolate(batch: Waiting[], error: unknown): Promise<Waiting[]> {
    if (batch.length === 1 || !isOfOneRow(error)) {
      for (const { change, reject } of batch) {
        reject(change.claim && isOfTakenKey(error) ? inFlight(change.claim) : refusalOfConstraint(error));
      }
      return [];
    }
    const half = Math.ceil(batch.length / 2);
    const left = await settle(batch.slice(0, half));
    return [...left, ...(await settle(batch.slice(half)))];
  }

  return lane.join;
}

/** True when the change has to come again. */
function answer({ change, resolve, reject }: Waiting, result: string | undefined, at: Date): boolean {
  if (result === 'skipped') return true;
  const createdAt = change.before === 0 ? at : change.after.createdAt;
  if (result === 'done') resolve({ ...asRead(change.after), createdAt, updatedAt: at });
  else if (result === 'taken' && change.claim) reject(inFlight(change.claim));
  else reject(new Refusal('stale', 'The payment has changed in the meantime. Look at it again, then decide.'));
  return false;
}

/** As it would be read back: when to ask next is a word to the sweep, and no part of the payment. */
function asRead(payment: Payment): Payment {
  return { ...payment, operations: payment.operations.map((operation) => ({ ...operation, askAt: null })) };
}

/**
 * The next batch: one change per payment, intent and key; what comes second waits, it is stale or a duplicate anyhow.
 */
function split(queue: Waiting[]): { batch: Waiting[]; rest: Waiting[] } {
  const seen = new Set<string>();
  const batch: Waiting[] = [];
  const rest: Waiting[] = [];
  for (const waiting of queue) {
    const { after, claim } = waiting.change;
    const names = [after.intentId, claim ? `${claim.merchantId} ${claim.key}` : after.intentId];
    const fits = batch.length < batchSize && !names.some((name) => seen.has(name));
    (fits ? batch : rest).push(waiting);
    if (fits) for (const name of names) seen.add(name);
  }
  return { batch, rest };
}
