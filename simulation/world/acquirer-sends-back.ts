import type { SandboxRoom, SendWebhook } from '#server/sandbox/make.ts';
import type { Life } from '../engine/engine.ts';
import type { JournalLine } from '../judge/evidence.ts';
import type { Places } from './network-places.ts';
import { signed } from './webhooks-signed.ts';

interface SendingBackSeams {
  life: Life;
  room: Pick<SandboxRoom, 'effects'>;
  places: Pick<Places, 'ofKey'>;
  send: SendWebhook;
}

/** Milliseconds until it is told once more; after the last it is given up. */
const pauses = [0, 1_000, 4_000, 15_000, 60_000];

/**
 * Refunds that come back from the shopper's bank, days after the yes: the acquirer tells so by a webhook about the same
 * operation, and its books go on showing what it had sent.
 */
export function makeSendingBack({ life, room, places, send }: SendingBackSeams) {
  const sentBack = new Set<string>();
  let untold = 0;

  async function tell(refund: JournalLine): Promise<boolean> {
    const { id, key, kind, amount, currency, authorization: authorization_id } = refund;
    const no = { status: 'declined', code: 'card_expired', message: 'The account is closed: it came back.' };
    const data = { key, id, kind, amount, currency, authorization_id, ...no };
    const name = `evt_${id}back`;
    for (const pause of pauses) {
      await life.clock.sleep(pause);
      const now = life.clock.now();
      const body = JSON.stringify({ id: name, type: 'operation.decided', created: now.toISOString(), data });
      const timestamp = String(Math.floor(now.getTime() / 1_000));
      const headers = { 'content-type': 'application/json', 'webhook-timestamp': timestamp };
      const status = await send(signed({ id: name, headers, body }));
      if (status !== undefined && status < 300) return true;
    }
    return false;
  }

  return {
    untold: () => untold,
    async sendBack(n: number): Promise<boolean> {
      const refunds = (room.effects() as JournalLine[]).filter(
        ({ kind, key, origin, id }) => kind === 'refund' && !origin && places.ofKey(key) === n && !sentBack.has(id),
      );
      const last = refunds.at(-1);
      if (!last) return false;
      sentBack.add(last.id);
      untold += 1;
      const isTold = await tell(last);
      untold -= 1;
      return isTold;
    },
  };
}
