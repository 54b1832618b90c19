import { setTimeout as sleep } from 'node:timers/promises';
import type { Ask, House } from './house/house.ts';
import type { Load } from './load/load.ts';
import { saysComeAgain } from './load/wire.ts';

/** What still has to happen, by name; all 0 at rest. */
export type Unrest = Record<string, number>;

export interface Rest {
  /** Milliseconds until rest was reached; undefined where it was not. */
  after: number | undefined;
  /** What was left over, where anything was. */
  unrest: Unrest;
  /** Clients who came back with their old keys, and how many heard a final answer then. */
  cameBack: number;
  answered: number;
}

/**
 * Waits until nothing is left to do, as clients who went away come back.
 *
 * @param within  Milliseconds.
 * @param isHasty  For who cannot wait for minutes: claims and leases of the dead end at once, and the next question to
 *                 a provider is due now.
 */
export async function rest(
  house: House,
  load: Load,
  { within, isHasty, tell }: { within: number; isHasty: boolean; tell: (line: string) => void },
): Promise<Rest> {
  const began = performance.now();
  let left = load.unanswered();
  const cameBack = left.length;
  let unrest: Unrest = {};
  for (let turn = 0; performance.now() - began < within; turn += 1) {
    if (isHasty && turn % 10 === 0) await house.asOwner(ageTheDead);
    if (isHasty || turn % 10 === 0) left = await comeBack(load, left);
    unrest = { ...(await house.asOwner(unrestOf)), 'clients who wait': left.length };
    if (Object.values(unrest).every((count) => count === 0)) {
      return { after: performance.now() - began, unrest: {}, cameBack, answered: cameBack };
    }
    if (turn % 20 === 0) tell(`left to do: ${inWords(unrest)}`);
    await sleep(500);
  }
  return { after: undefined, unrest, cameBack, answered: cameBack - left.length };
}

export function inWords(unrest: Unrest): string {
  const left = Object.entries(unrest).filter(([, count]) => count > 0);
  return left.map(([what, count]) => `${count} ${what}`).join(', ') || 'nothing';
}

const atOnce = 16;

/** @returns those who are to come again. */
async function comeBack({ line }: Load, clients: ReturnType<Load['unanswered']>) {
  const left: typeof clients = [];
  for (let at = 0; at < clients.length; at += atOnce) {
    const some = clients.slice(at, at + atOnce);
    const replies = await Promise.all(some.map(({ client, ask }) => line.post(client, ask)));
    left.push(
      ...some.filter((_, n) => {
        const reply = replies[n];
        return !reply || saysComeAgain(reply);
      }),
    );
  }
  return left;
}

const unrestOf: Ask<Unrest> = async (sql) => {
  const [row] = await sql<Unrest[]>`
    SELECT
      (SELECT count(*)::int FROM operations WHERE status IN ('open', 'pending', 'challenged')) AS "operations unclosed",
      (SELECT count(*)::int FROM payments WHERE try_at IS NOT NULL) AS "payments queued",
      (SELECT count(*)::int FROM provider_webhooks WHERE status = 'received') AS "webhooks waiting",
      (SELECT count(*)::int FROM fulfilments WHERE status IN ('due', 'asked')) AS "orders to send",
      (SELECT count(*)::int FROM compensations WHERE status = 'due') AS "orders to compensate",
      (SELECT count(*)::int FROM compensations WHERE status = 'stuck' AND alerted_at IS NULL)
        + (SELECT count(*)::int FROM fulfilments WHERE status = 'stuck' AND alerted_at IS NULL) AS "people to tell",
      (SELECT count(*)::int FROM parked_events) AS "events parked",
      (SELECT count(*)::int FROM event_cursors c WHERE EXISTS (
        SELECT FROM events e WHERE (e.epoch, e.tx, e.payment_id, e.seq) > (c.epoch, c.tx, c.payment_id, c.seq))
      ) AS "consumers behind"`;
  return row ?? {};
};

const ageTheDead: Ask<void> = async (sql) => {
  await sql`UPDATE idempotency_keys SET claimed_at = claimed_at - interval '3 minutes' WHERE body IS NULL`;
  await sql`UPDATE operations SET ask_at = now() WHERE closed_at IS NULL AND ask_at > now() + interval '2 s'`;
  await sql`UPDATE fulfilments SET next_at = now() WHERE status IN ('due', 'asked') AND next_at > now() + interval '2 s'`;
  await sql`UPDATE compensations SET next_at = now() WHERE status = 'due' AND next_at > now() + interval '2 s'`;
  await sql`UPDATE provider_webhooks SET leased_until = now() WHERE status = 'received' AND leased_until > now()`;
};
