import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import type Stripe from 'stripe';
import { Shopfront } from '#components/shop/shopfront.tsx';
import { type OrderStanding, Thanks } from '#components/shop/thanks.tsx';
import { florin } from '../florin.ts';
import { byReference } from '../warehouse/shelf.ts';

export const metadata: Metadata = { title: { absolute: 'Thank you · Harbour Goods' } };

export default async function ThanksPage({ searchParams }: PageProps<'/shop/thanks'>) {
  const id = (await searchParams).session_id?.toString();
  const session = id ? await retrieve(id) : undefined;
  if (!session) notFound();
  const lines = session.line_items?.data ?? [];
  return (
    <Shopfront>
      <Thanks
        standing={await standingOf(session)}
        order={session.client_reference_id ?? session.id}
        total={session.amount_total ?? 0}
        lines={lines.map((line) => ({
          id: line.id,
          name: line.description ?? '',
          quantity: line.quantity ?? 1,
          amount: line.amount_total,
        }))}
      />
    </Shopfront>
  );
}

/** Whether it is paid or refunded Florin knows; whether it was sent, our warehouse. */
async function standingOf(session: Stripe.Checkout.Session): Promise<OrderStanding> {
  if (session.payment_status !== 'paid') return { kind: 'unpaid' };
  const shipment = await byReference(session.client_reference_id ?? '');
  const { payment_intent: intent } = session;
  const charge = intent && typeof intent === 'object' ? intent.latest_charge : null;
  if (charge && typeof charge === 'object' && charge.refunded) return { kind: 'refunded', why: shipment?.reason };
  if (shipment?.status === 'refused') return { kind: 'refused', why: shipment.reason };
  return { kind: shipment ? 'sent' : 'packing' };
}

/** The order as Florin has it: what the address says of itself proves nothing. */
async function retrieve(id: string): Promise<Stripe.Checkout.Session | undefined> {
  try {
    return await florin().checkout.sessions.retrieve(id, { expand: ['line_items', 'payment_intent.latest_charge'] });
  } catch (error) {
    if (error instanceof Error && 'statusCode' in error && error.statusCode === 404) return undefined;
    throw error;
  }
}
