import type { Caller } from '#server/auth/caller.ts';
import type { Composition } from '#server/composition/rooms.ts';
import { readId } from '#server/kernel/id.ts';
import { providerNames } from '../plan.ts';
import { type Client, named, pause, tell, within } from './client.ts';
import type { Intent } from './wire.ts';

/** Milliseconds that a page waits for its answer. */
const patience = 30_000;

/**
 * Where the card's bank wants to see the shopper, they go there, and answer or not; then they are back at the page that
 * asks at once what has become of it. The page's own rooms are asked, since `/v1` shows no address of a bank.
 *
 * @returns  Whether the bank had a question.
 */
export async function answerBank(client: Client, { id }: Intent): Promise<boolean> {
  const { world, payment, merchant } = client;
  const page = world.rooms('api-1') ?? world.rooms('api-2');
  const intentId = readId('intent', id);
  if (!page || !intentId) return false;
  const shopper: Caller = { kind: 'shopper', merchantId: merchant.id, sessionId: intentId };
  const seen = (await within(client, patience, page.payments.intent(shopper, intentId)))?.payment;
  const provider = providerNames.find((name) => name === seen?.provider);
  if (!seen?.challenge || !provider) return false;
  tell(client, `the bank asks the shopper, who will ${payment.challenge}`);
  await pause(client, 'bank', [2_000, 40_000]);
  const { challenge: how } = payment;
  await within(client, patience, world.network.acquirer(provider).answerChallenge(seen.challenge.url, how));
  await back(client, { page: world.rooms('api-2') ?? page, shopper, paymentId: seen.id });
  return true;
}

interface Return {
  page: Composition;
  shopper: Caller;
  paymentId: string;
}

/** Some close the window at the bank and never come back. Who would not answer may want another card. */
async function back(client: Client, { page, shopper, paymentId }: Return): Promise<void> {
  const { dice } = client.world.engine;
  if (!dice.chance(named(client, 'back'), 0.7)) return tell(client, 'the shopper does not come back from the bank');
  const isLeft = client.payment.challenge === 'leave';
  tell(client, isLeft ? 'the shopper would rather not answer the bank' : 'the shopper is back from the bank');
  const asked = isLeft ? page.payments.giveUp(shopper, paymentId) : page.payments.ask(paymentId, client.merchant.id);
  await within(client, patience, asked);
}
