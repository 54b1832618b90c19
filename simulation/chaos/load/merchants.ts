import { setTimeout as sleep } from 'node:timers/promises';
import type { Chance } from '../chance.ts';
import type { Patience } from './patience.ts';
import { type Client, type Line, read } from './wire.ts';

export interface Doing {
  chance: Chance;
  line: Line;
  patience: Patience;
}

/** What a merchant wants of one payment. */
// biome-ignore format: a table
const journeys: readonly { weight: number; go: (doing: Doing, client: Client) => Promise<void> }[] = [
  { weight: 6, go: paid },
  { weight: 3, go: paidInTwoSteps },
  { weight: 6, go: captured },
  { weight: 3, go: canceled },
  { weight: 1, go: capturedAndCanceled },
  { weight: 1, go: declined },
];

export async function journey(doing: Doing, client: Client): Promise<void> {
  const all = journeys.flatMap(({ weight, go }) => Array.from({ length: weight }, () => go));
  await doing.chance.pick(all)(doing, client);
}

const cards = ['pm_card_visa', 'pm_card_mastercard', 'pm_card_amex'];

async function paid(doing: Doing, client: Client): Promise<void> {
  const intent = await created(doing, client, `&confirm=true&payment_method=${doing.chance.pick(cards)}`);
  await refunds(doing, client, intent);
}

async function paidInTwoSteps(doing: Doing, client: Client): Promise<void> {
  const { chance } = doing;
  const intent = await created(doing, client, '');
  if (!intent || chance.one(10)) return;
  await act(doing, client, {
    what: 'confirm',
    path: `payment_intents/${intent.id}/confirm`,
    body: `payment_method=${chance.pick(cards)}`,
  });
  await refunds(doing, client, await seen(doing, client, intent));
}

const held = '&confirm=true&capture_method=manual&payment_method=pm_card_visa';

async function captured(doing: Doing, client: Client): Promise<void> {
  const intent = await created(doing, client, held);
  if (!intent) return;
  const part = doing.chance.one(3) ? `amount_to_capture=${intent.amount - 100}` : '';
  await act(doing, client, { what: 'capture', path: `payment_intents/${intent.id}/capture`, body: part });
  await refunds(doing, client, await seen(doing, client, intent));
}

async function canceled(doing: Doing, client: Client): Promise<void> {
  const intent = await created(doing, client, held);
  if (intent) await act(doing, client, { what: 'cancel', path: `payment_intents/${intent.id}/cancel`, body: '' });
}

/** Both at once: one of them has to lose. */
async function capturedAndCanceled(doing: Doing, client: Client): Promise<void> {
  const intent = await created(doing, client, held);
  if (!intent) return;
  await Promise.all(
    ['capture', 'cancel'].map((what) =>
      act(doing, { ...client }, { what, path: `payment_intents/${intent.id}/${what}`, body: '' }),
    ),
  );
}

async function declined(doing: Doing, client: Client): Promise<void> {
  await created(doing, client, '&confirm=true&payment_method=pm_card_chargeDeclined');
}

interface Intent {
  id: string;
  amount: number;
  status: string;
}

/** @returns the intent, also where its payment is still unknown; undefined where its client never heard of it. */
async function created({ patience, chance }: Doing, client: Client, how: string): Promise<Intent | undefined> {
  const body = `amount=${chance.whole(500, 20_000)}&currency=eur${how}`;
  return intentIn(read(await patience.insist(client, { path: 'payment_intents', key: `${client.name}-create`, body })));
}

function intentIn({ id, amount, status }: Record<string, unknown>): Intent | undefined {
  return typeof id === 'string' ? { id, amount: Number(amount), status: String(status) } : undefined;
}

interface Act {
  what: string;
  path: string;
  body: string;
}

async function act({ patience }: Doing, client: Client, { what, path, body }: Act): Promise<void> {
  await patience.insist(client, { path, key: `${client.name}-${what}`, body });
}

async function seen({ line }: Doing, client: Client, intent: Intent): Promise<Intent> {
  return intentIn(read(await line.look(client, `payment_intents/${intent.id}`))) ?? intent;
}

/** None, one, or three at once that exceed the capture together. */
async function refunds(doing: Doing, client: Client, intent: Intent | undefined): Promise<void> {
  const { chance } = doing;
  if (intent?.status !== 'succeeded' || chance.one(3)) return;
  await sleep(chance.whole(0, 200));
  const refund = (nth: number, amount: number) =>
    act(
      doing,
      { ...client },
      { what: `refund-${nth}`, path: 'refunds', body: `payment_intent=${intent.id}&amount=${amount}` },
    );
  if (chance.one(3)) await Promise.all([1, 2, 3].map((nth) => refund(nth, Math.ceil(intent.amount * 0.4))));
  else await refund(1, chance.one(2) ? intent.amount : chance.whole(1, intent.amount));
}
