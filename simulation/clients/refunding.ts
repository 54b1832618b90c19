import type { Reply } from '../world/world.ts';
import { type Client, Gone, pause, tell, took } from './client.ts';
import { send } from './send.ts';
import { look, toRefund } from './verbs.ts';
import { type Intent, refundIn } from './wire.ts';

/** Milliseconds between two looks at a refund that is still `pending`. */
const looks = [2_000, 5_000, 15_000, 30_000, 60_000];

/** The refunds that were planned, one after the other or at once; F54 asks for more than there is. */
export async function refundAll(client: Client, intent: Intent): Promise<void> {
  const { refunds, refundsAtOnce } = client.payment;
  const isTooMuch = client.isStruck('F54');
  const amounts = isTooMuch ? tooMuch(intent) : refunds;
  if (amounts.length === 0) return;
  await pause(client, 'merchant refunds', [500, 20_000]);
  if (isTooMuch) tell(client, `F54: ${amounts.length} refunds at once, of ${amounts[0]} each`);
  const asks = amounts.map((amount, nth) => toRefund(client, intent, { amount, nth }));
  if (!isTooMuch && !refundsAtOnce) {
    for (const ask of asks) await seen(client, await send(client, ask));
    return;
  }
  const settled = await Promise.allSettled(asks.map(async (ask) => seen(client, await send(client, ask))));
  const failed = settled.filter((one) => one.status === 'rejected').map(({ reason }) => reason as unknown);
  const bug = failed.find((reason) => !(reason instanceof Gone));
  if (bug) throw bug;
  if (isTooMuch && settled.length - failed.length > 1) took(client, 'F54');
}

/** Three of 60 %: any two exceed what was captured. */
function tooMuch({ amount_received: captured }: Intent): number[] {
  return Array.from({ length: 3 }, () => Math.ceil(captured * 0.6));
}

/** Looks until the refund is no more `pending`, for as long as a client has patience. */
async function seen(client: Client, reply: Reply): Promise<void> {
  let refund = refundIn(reply);
  for (const wait of looks) {
    if (refund?.status !== 'pending') return;
    await client.life.clock.sleep(wait);
    const again = await look(client, `refunds/${refund.id}`);
    refund = (again && refundIn(again)) ?? refund;
  }
}
