import type { RawSql } from '#db/client.ts';
import { newsKinds } from '#db/schema/alerts.ts';
import type { Transact } from '#db/transaction.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { Random } from '#server/kernel/secret.ts';
import type { Log } from '#server/observability/log.ts';
import { counter } from '#server/observability/metrics.ts';
import type { ChannelName } from '../alerts.ts';
import type { Channels, Message } from '../channel.ts';

/** Milliseconds. */
const patience = 20_000;
/** Longer than `patience`: as long as somebody is sending, nobody else claims it. */
const lease = 60_000;
const firstPause = 5_000;
const longestPause = 60 * 60_000;
const givenUpAfter = 24 * 60 * 60_000;

const sent = counter({
  name: 'florin_alert_deliveries_total',
  help: 'Tries to tell a receiver about an alert, by channel and by how they ended',
  labels: ['channel', 'outcome'],
});

export interface Sending {
  transact: Transact;
  clock: Clock;
  random: Random;
  log: Log;
  channels: Channels;
}

type Due = Omit<Message, 'at' | 'alert'> &
  Message['alert'] & { channel: ChannelName; tries: number; createdAt: Date; raisedAt: Date };

/** Sends at most `limit` pieces of news side by side. Each is sent at least once; its id says which it is. */
export async function deliverDue(room: Sending, limit: number): Promise<number> {
  const due = await room.transact('alerts.claim', (tx) => claim(tx, room.clock.now(), limit));
  await Promise.all(due.map((one) => deliverOne(room, one)));
  return due.length;
}

/**
 * A claim is due again after the lease, should this process die. That something is over is not told before it was told
 * that it began: PagerDuty would open an incident that nobody closes.
 */
async function claim(tx: RawSql, now: Date, limit: number): Promise<Due[]> {
  const order = tx`${[...newsKinds]}::text[]`;
  return tx<Due[]>`
    WITH due AS (
      SELECT id FROM alert_deliveries d
      WHERE due_at <= ${now} AND delivered_at IS NULL AND gave_up_at IS NULL
        AND EXISTS (SELECT 1 FROM alert_receivers r WHERE r.id = d.receiver_id AND r.disabled_at IS NULL)
        AND NOT EXISTS (
        SELECT 1 FROM alert_deliveries e
        WHERE e.alert_id = d.alert_id AND e.receiver_id = d.receiver_id AND e.delivered_at IS NULL
          AND e.gave_up_at IS NULL AND array_position(${order}, e.news) < array_position(${order}, d.news))
      ORDER BY due_at LIMIT ${limit} FOR UPDATE SKIP LOCKED),
    claimed AS (
      UPDATE alert_deliveries d SET due_at = ${new Date(now.getTime() + lease)}, tries = tries + 1
      FROM due WHERE d.id = due.id RETURNING d.*)
    SELECT c.id AS delivery, c.news, c.tries, c.created_at AS "createdAt", r.channel, r.address, r.secret,
      a.id, a.kind, a.merchant_id AS "merchantId", a.subject, a.severity, a.title, a.detail, a.path,
      a.raised_at AS "raisedAt"
    FROM claimed c JOIN alerts a ON a.id = c.alert_id JOIN alert_receivers r ON r.id = c.receiver_id`;
}

async function deliverOne(room: Sending, due: Due): Promise<void> {
  const { delivery, channel } = due;
  const answer = await send(room, due).then(
    (said) => ({ arrived: true, said }),
    (error: Error) => ({ arrived: false, said: error.message }),
  );
  sent.inc({ channel, outcome: answer.arrived ? 'delivered' : 'failed' });
  const now = room.clock.now();
  const gaveUp = !answer.arrived && now.getTime() - due.createdAt.getTime() >= givenUpAfter;
  const said = answer.said.slice(0, 300);
  await room.transact('alerts.settle', async (tx) => {
    // Whose lease ran out may have a successor, whose answer counts; that it arrived counts in any case.
    await tx`
      UPDATE alert_deliveries SET last_answer = ${said}, due_at = ${pauseFrom(room, now, due.tries)},
        delivered_at = ${answer.arrived ? now : null}, gave_up_at = ${gaveUp ? now : null}
      WHERE id = ${delivery} AND delivered_at IS NULL AND (tries = ${due.tries} OR ${answer.arrived})`;
  });
  if (answer.arrived) return;
  const says = gaveUp
    ? 'nobody could be told of an alert for a day: given up'
    : 'an alert did not arrive and is sent again';
  room.log.warn({ delivery, kind: channel, reason: said, attempt: due.tries }, says);
}

/** A channel may hang in ways that its own limits do not see. */
async function send({ clock, channels }: Sending, due: Due): Promise<string> {
  const { delivery, news, address, secret, channel, ...alert } = due;
  const late = new AbortController();
  const over = new Promise<never>((_, reject) => {
    late.signal.addEventListener('abort', () => reject(new Error(`no answer within ${patience / 1000} seconds`)));
  });
  const forget = clock.after(patience, () => late.abort());
  const message = { delivery, news, alert, at: clock.now(), address, secret };
  return Promise.race([channels[channel].send(message, late.signal), over]).finally(forget);
}

/** Doubles each time, up to an hour; by half at random, so that those who failed together do not come back together. */
function pauseFrom({ random }: Sending, now: Date, tries: number): Date {
  const whole = Math.min(firstPause * 2 ** (tries - 1), longestPause);
  const share = random(4).readUInt32BE() / 2 ** 32;
  return new Date(now.getTime() + whole / 2 + (whole / 2) * share);
}
