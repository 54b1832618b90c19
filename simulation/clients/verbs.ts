import type { Reply } from '../world/world.ts';
import { type Client, doorOf, pause } from './client.ts';
import { type Ask, reading } from './requests.ts';
import { heard } from './send.ts';
import { type Intent, intentIn, saysComeAgain } from './wire.ts';

/** The key of a client's request: its own, and the same whenever it is sent. */
function keyed({ world, payment }: Client, what: string, request: Omit<Ask, 'what' | 'key'>): Ask {
  const key = `${what.replaceAll(' ', '-')}-${payment.n}-${world.engine.dice.whole(`client/${payment.n}/key`, 2 ** 32)}`;
  return { what, key, ...request };
}

/** @param token  Where it is given, the intent is confirmed by the same request. */
export function toCreate(client: Client, token?: string): Ask {
  const { amount, currency, captureMethod, n } = client.payment;
  const confirmed: Record<string, string> = token ? { confirm: 'true', payment_method: token } : {};
  return keyed(client, token ? 'create and confirm' : 'create', {
    path: 'payment_intents',
    fields: {
      amount: String(amount),
      currency: currency.toLowerCase(),
      capture_method: captureMethod,
      'metadata[payment]': String(n),
      ...confirmed,
    },
  });
}

export function toConfirm(client: Client, { id }: Intent, { token, what }: { token: string; what: string }): Ask {
  return keyed(client, what, { path: `payment_intents/${id}/confirm`, fields: { payment_method: token } });
}

/** @param amount  In minor units; all that is held where it is left out. */
export function toCapture(client: Client, { id }: Intent, amount?: number): Ask {
  const fields: Record<string, string> = amount === undefined ? {} : { amount_to_capture: String(amount) };
  const what = amount === undefined ? 'capture' : `capture ${amount}`;
  return keyed(client, what, { path: `payment_intents/${id}/capture`, fields });
}

export function toCancel(client: Client, { id }: Intent): Ask {
  const fields = { cancellation_reason: 'requested_by_customer' };
  return keyed(client, 'cancel', { path: `payment_intents/${id}/cancel`, fields });
}

export function toRefund(client: Client, { id }: Intent, { amount, nth }: { amount: number; nth: number }): Ask {
  const fields = { payment_intent: id, amount: String(amount) };
  return keyed(client, `refund ${amount} (${nth + 1})`, { path: 'refunds', fields });
}

/** A look that changes nothing; undefined where nothing came of it three times. */
export async function look(client: Client, path: string): Promise<Reply | undefined> {
  const request = reading(path, client.merchant);
  for (let turn = 0; turn < 3; turn += 1) {
    const reply = await client.world.call(client.life, doorOf(client, `look/${path}/${turn}`), request);
    heard(client, request, reply);
    if (reply && !saysComeAgain(reply)) return reply;
    await pause(client, `look/${path}/${turn}`, [500, 3_000]);
  }
  return undefined;
}

export async function lookAt(client: Client, intent: Intent): Promise<Intent> {
  const reply = await look(client, `payment_intents/${intent.id}`);
  return (reply && intentIn(reply)) ?? intent;
}
