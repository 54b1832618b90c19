import type { FaultKind } from '../faults.ts';
import type { Reply, Request } from '../world/world.ts';
import { type Client, type Door, doorOf, Gone, named, otherDoor, pause, tell, took } from './client.ts';
import { type Ask, otherwise, written } from './requests.ts';
import { inShort, isOfAnother, saysComeAgain } from './wire.ts';

/** How long a client waits before it comes again, in milliseconds, by how it takes a lost answer. */
const waits = { 'at once': [200, 1_000], elsewhere: [200, 1_000], late: [30_000, 210_000] } as const;

/** So often a client sends one request at most; by then more than three minutes have gone by. */
const mostTurns = 16;

/**
 * Sends a request until it has an answer that is no "come again", always with the same key and the same bytes. The
 * planned faults of a client's request strike at its first sending.
 *
 * @throws Gone where the client never comes back, or has come often enough.
 */
export async function send(client: Client, ask: Ask): Promise<Reply> {
  const struck = client.strikes(client.next());
  let door = doorOf(client, ask.what);
  for (let turn = 0; turn < mostTurns; turn += 1) {
    const reply = turn === 0 ? await struckly(client, { ask, door, struck }) : await once(client, ask, door);
    if (reply && !saysComeAgain(reply)) {
      if (struck.includes('F52')) await inOtherWords(client, ask, door);
      return reply;
    }
    if (reply) await client.life.clock.sleep(Math.min(2_000 * (turn + 1), 20_000));
    else door = await backAgain(client, { ask, door, turn });
  }
  tell(client, `the client has asked for ${ask.what} often enough and gives up`);
  throw new Gone(ask.what);
}

/** One sending, and what was heard of it. */
export async function once(client: Client, ask: Ask, door: Door): Promise<Reply | undefined> {
  tell(client, `the client asks ${door}: ${ask.what}`);
  const request = written(ask, client.merchant);
  const reply = await client.world.call(client.life, door, request);
  heard(client, request, reply);
  tell(client, `the client hears of ${ask.what}: ${inShort(reply)}`);
  return reply;
}

export function heard(client: Client, request: Request, reply: Reply | undefined): void {
  const { life, merchant, answers, payment } = client;
  answers.keep({ client: String(payment.n), merchantId: merchant.id, at: life.clock.now() }, request, reply);
}

/** Where a client turns that has heard nothing. */
async function backAgain(client: Client, { ask, door, turn }: { ask: Ask; door: Door; turn: number }): Promise<Door> {
  const { returns } = client.payment;
  if (returns === 'never') {
    tell(client, `the client never comes back for ${ask.what}`);
    throw new Gone(ask.what);
  }
  await pause(client, `${ask.what}/wait ${turn}`, waits[returns]);
  return returns === 'elsewhere' ? otherDoor(door) : door;
}

interface Sending {
  ask: Ask;
  door: Door;
  struck: readonly FaultKind[];
}

function struckly(client: Client, sending: Sending): Promise<Reply | undefined> {
  const { ask, door, struck } = sending;
  if (struck.includes('F53')) return ownerDies(client, sending);
  if (struck.includes('F51')) return atTheSameTime(client, sending);
  if (struck.includes('F5')) return answerLost(client, sending);
  return once(client, ask, door);
}

/** F5: the answer was on its way to the client, and is lost. */
async function answerLost(client: Client, { ask, door }: Sending): Promise<undefined> {
  tell(client, `the client asks ${door}: ${ask.what}`);
  const request = written(ask, client.merchant);
  const reply = await client.world.call(client.life, door, request);
  heard(client, request, undefined);
  if (!reply) return undefined;
  took(client, 'F5');
  tell(client, `F5: the answer to ${ask.what} is lost on its way to the client (${inShort(reply)})`);
  return undefined;
}

/** F51: two to five of the same, at both doors. It takes effect where two of them were at work at once. */
async function atTheSameTime(client: Client, { ask, door }: Sending): Promise<Reply | undefined> {
  const copies = 2 + client.world.engine.dice.whole(named(client, `${ask.what}/copies`), 4);
  tell(client, `F51: the client sends ${copies} copies of ${ask.what} at once`);
  const doors = Array.from({ length: copies }, (_, n) => (n % 2 === 0 ? door : otherDoor(door)));
  const replies = await Promise.all(doors.map((one) => once(client, ask, one)));
  const answered = replies.filter((reply) => reply !== undefined);
  if (answered.length > 1) took(client, 'F51');
  return answered.find((reply) => !saysComeAgain(reply)) ?? answered[0];
}

/** F53: who holds the key dies over its work. It takes effect where the answer dies with it. */
async function ownerDies(client: Client, { ask, door }: Sending): Promise<Reply | undefined> {
  const { world, life } = client;
  let isAtWork = true;
  const cancel = life.clock.after(1 + world.engine.dice.whole(named(client, `${ask.what}/dies`), 60), () => {
    if (!isAtWork) return;
    tell(client, `F53: ${door} dies over ${ask.what}`);
    world.kill(door);
  });
  const reply = await once(client, ask, door);
  isAtWork = false;
  cancel();
  if (!reply) took(client, 'F53');
  return reply;
}

/** F52: the key comes again with another body. It takes effect where that is refused, which the judge sees to. */
async function inOtherWords(client: Client, ask: Ask, door: Door): Promise<void> {
  tell(client, 'F52: the client sends the same key with another body');
  const reply = await once(client, otherwise(ask), door);
  if (reply && isOfAnother(reply)) took(client, 'F52');
}
