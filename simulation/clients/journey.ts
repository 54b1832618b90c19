import { capturedOf } from '../plans/payments.ts';
import type { Reply } from '../world/world.ts';
import { aftermath } from './aftermath.ts';
import { answerBank } from './bank.ts';
import { type Client, named, pause, tell, took } from './client.ts';
import { expire } from './expiry.ts';
import { refundAll } from './refunding.ts';
import { send } from './send.ts';
import { lookAt, toCancel, toCapture, toConfirm, toCreate } from './verbs.ts';
import { type Intent, intentIn, isOver } from './wire.ts';

/** Milliseconds between two looks at what is still `processing`; after the last, the client leaves it alone. */
const looks = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 30_000, 30_000, 30_000];

/**
 * One payment from its client's side, from the first request to the last look.
 *
 * @throws Gone where the client leaves before the end.
 */
export async function journey(client: Client): Promise<void> {
  let intent = await firstTry(client);
  if (!intent) return;
  intent = await secondTry(client, await settled(client, intent));
  if (intent.status === 'requires_capture') intent = await settled(client, await wished(client, intent));
  else if (client.payment.wish === 'cancel') intent = (await canceled(client, intent)) ?? intent;
  if (intent.status !== 'succeeded') return;
  await refundAll(client, intent);
  await aftermath(client);
}

/** Made and confirmed, by one request or by two. */
async function firstTry(client: Client): Promise<Intent | undefined> {
  const { network, engine } = client.world;
  const token = network.token(client.payment.n, client.payment.card);
  const isOne = engine.dice.chance(named(client, 'one request'), 0.3) && !client.isStruck('F59');
  const made = intentIn(await send(client, toCreate(client, isOne ? token : undefined)));
  if (!made || isOne) return made;
  await pause(client, 'shopper fills in the card', [100, 4_000]);
  if (engine.dice.chance(named(client, 'changes their mind'), 0.02)) {
    await canceled(client, made);
    return undefined;
  }
  if (engine.dice.chance(named(client, 'runs out of time'), 0.02)) {
    await expire(client, made);
    return undefined;
  }
  return confirmed(client, made, { token, what: 'confirm' });
}

/** Another card, where the first was declined. */
async function secondTry(client: Client, intent: Intent): Promise<Intent> {
  const { secondCard, n } = client.payment;
  if (intent.status !== 'requires_payment_method' || !secondCard) return intent;
  await pause(client, 'shopper takes another card', [1_000, 20_000]);
  const token = client.world.network.token(n, secondCard);
  return settled(client, await confirmed(client, intent, { token, what: 'confirm with another card' }));
}

async function confirmed(client: Client, intent: Intent, way: { token: string; what: string }): Promise<Intent> {
  const ask = toConfirm(client, intent, way);
  const isCrossed = client.isStruck('F59') && way.what === 'confirm';
  const reply = isCrossed ? await crossed(client, intent, send(client, ask)) : await send(client, ask);
  return intentIn(reply) ?? intent;
}

/**
 * F59: the merchant cancels, or the checkout's time is over, while the confirmation is under way. It takes effect where
 * that happens before the answer.
 */
async function crossed(client: Client, intent: Intent, confirming: Promise<Reply>): Promise<Reply> {
  let isUnderway = true;
  const cancel = async () => {
    await pause(client, 'crossing', [1, 120]);
    if (isUnderway) took(client, 'F59');
    const isLate = client.world.engine.dice.chance(named(client, 'crossed by the clock'), 0.4);
    tell(client, `F59: ${isLate ? 'the end of the checkout' : 'a cancel'} crosses the confirmation`);
    await (isLate ? expire(client, intent) : send(client, toCancel(client, intent)));
  };
  const answered = confirming.finally(() => {
    isUnderway = false;
  });
  const [reply] = await Promise.allSettled([answered, cancel()]);
  if (reply.status === 'rejected') throw reply.reason;
  return reply.value;
}

/** Looks again until it is no more `processing`, or for as long as a client has patience. */
async function settled(client: Client, before: Intent): Promise<Intent> {
  let intent = before;
  let isAsked = false;
  for (const wait of looks) {
    if (isOver(intent)) return intent;
    isAsked = isAsked || (await answerBank(client, intent));
    await client.life.clock.sleep(wait);
    intent = await lookAt(client, intent);
  }
  if (!isOver(intent)) tell(client, 'the client looks no more: it is still processing');
  return intent;
}

/** What the merchant wants of money that is held. */
async function wished(client: Client, intent: Intent): Promise<Intent> {
  const { wish, amount } = client.payment;
  await pause(client, 'merchant decides', [200, 30_000]);
  const part = capturedOf(client.payment);
  switch (wish) {
    case 'nothing':
      return intent;
    case 'cancel':
      return (await canceled(client, intent)) ?? intent;
    case 'capture':
      return intentIn(await send(client, toCapture(client, intent))) ?? intent;
    case 'capture part':
      return intentIn(await send(client, toCapture(client, intent, part === amount ? undefined : part))) ?? intent;
    case 'capture and cancel': {
      await Promise.allSettled([send(client, toCapture(client, intent)), thinkAgain(client, intent)]);
      return lookAt(client, intent);
    }
  }
}

/** Somebody else at the merchant's cancels what is being captured: at once, or as long after as an answer may take. */
async function thinkAgain(client: Client, intent: Intent): Promise<Reply> {
  const isSlow = client.world.engine.dice.chance(named(client, 'thinks again'), 0.6);
  if (isSlow) await pause(client, 'thinks again for', [1_200, 9_000]);
  return send(client, toCancel(client, intent));
}

async function canceled(client: Client, intent: Intent): Promise<Intent | undefined> {
  return intentIn(await send(client, toCancel(client, intent)));
}
