import type { Caller } from '#server/auth/caller.ts';
import type { Composition } from '#server/composition/rooms.ts';
import { showId } from '#server/kernel/id.ts';
import type { EscalationView } from '#server/payments/view.ts';
import type { Life } from '../engine/engine.ts';
import type { JournalLine } from '../judge/evidence.ts';
import { providerNames } from '../plan.ts';
import { reviewAbove } from '../plans/payments.ts';
import type { Merchant, World } from '../world/world.ts';
import { within } from './client.ts';
import { findingIn } from './finding.ts';

type Person = Extract<Caller, { kind: 'staff' }>;

/** Milliseconds: how long people look elsewhere, and how long they wait for a page. */
const roundEvery = { least: 20_000, most: 60_000 };
const patience = 60_000;

/** Who looks after what no clock decides: two people of each merchant, with the acquirers' books open beside them. */
export function startStaff(world: World): void {
  const life = world.engine.begin('staff');
  void (async () => {
    for (let round = 0; ; round += 1) {
      const { least, most } = roundEvery;
      await life.clock.sleep(least + world.engine.dice.whole(`staff/${round}`, most - least));
      for (const merchant of world.merchants) await lookAfter(world, life, { merchant, round });
    }
  })();
}

async function lookAfter(
  world: World,
  life: Life,
  { merchant, round }: { merchant: Merchant; round: number },
): Promise<void> {
  const rooms = world.rooms('api-1') ?? world.rooms('api-2');
  if (!rooms) return;
  const desk: Desk = { world, life, rooms, merchant };
  await reviewAll(desk, round);
  const open = await within({ life }, patience, rooms.payments.escalations(one(merchant), { open: true }));
  for (const escalation of open ?? []) await resolve(desk, escalation);
}

interface Desk {
  world: World;
  life: Life;
  rooms: Composition;
  merchant: Merchant;
}

function one({ id: merchantId }: Merchant): Person {
  return { kind: 'staff', merchantId, staffId: '01950000-0000-7000-8000-00000000000a', name: 'Olivia', role: 'owner' };
}

function other({ id: merchantId }: Merchant): Person {
  return { kind: 'staff', merchantId, staffId: '01950000-0000-7000-8000-00000000000b', name: 'Finn', role: 'owner' };
}

/** Large payments wait for a look; most are well. */
async function reviewAll({ world, life, rooms, merchant }: Desk, round: number): Promise<void> {
  const { payments } = rooms;
  const filter = { states: ['authorized' as const], amountFrom: BigInt(reviewAbove) };
  const page = await within({ life }, patience, payments.list(one(merchant), { filter, limit: 100 }));
  for (const { id, amount } of page?.rows ?? []) {
    const payment = await within({ life }, patience, payments.payment(one(merchant), id));
    if (payment?.review !== 'open') continue;
    const verdict = world.engine.dice.chance(`staff/review/${amount}/${round}`, 0.75) ? 'approve' : 'reject';
    world.engine.note(`staff: ${verdict} the payment of ${amount}`);
    await within({ life }, patience, payments.review(one(merchant), { paymentId: id, verdict }));
  }
}

/** One person finds out and proposes; the other looks for themselves, and confirms or takes it back. */
async function resolve({ world, life, rooms, merchant }: Desk, escalation: EscalationView): Promise<void> {
  const { payments } = rooms;
  // What nobody asked for names no operation, and so no provider: then all books are open.
  const asked = providerNames.filter((name) => escalation.provider === null || name === escalation.provider);
  const books = asked.flatMap((name) => world.network.acquirer(name).journal() as unknown as JournalLine[]);
  const [provider = 'alder'] = asked;
  const acquirer = world.network.acquirer(provider);
  const reference = showId('payment', escalation.paymentId);
  const hold = books.find((line) => line.kind === 'authorization' && line.reference === reference)?.authorization;
  const age = life.clock.now().getTime() - escalation.openedAt.getTime();
  const found = findingIn(books, { ...escalation, age }, hold);
  const what = `${escalation.kind} ${escalation.operationKind ?? ''}`;
  const page = <T>(work: Promise<T>) => within({ life }, patience, work);
  if (!found) return;
  if ('release' in found || 'refund' in found) {
    const n = world.network.placeOf(escalation.paymentId) ?? -1;
    world.engine.note(`staff: put it right at ${provider} (${what})`);
    await page('release' in found ? acquirer.release(found.release) : acquirer.refundElsewhere(n, found.refund));
    return;
  }
  const { id: escalationId, proposal } = escalation;
  if (!proposal) {
    world.engine.note(`staff: propose ${found.finding} (${what})`);
    await page(payments.proposeClose(one(merchant), { escalationId, ...found }));
    return;
  }
  const isSame = proposal.finding === found.finding && proposal.providerRef === (found.providerRef ?? null);
  world.engine.note(`staff: ${isSame ? 'confirm' : 'take back'} ${proposal.finding} (${what})`);
  const meant = { escalationId, proposedAt: proposal.at };
  await page(isSame ? payments.confirmClose(other(merchant), meant) : payments.withdrawClose(other(merchant), meant));
}
