import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import type Stripe from 'stripe';
import { Shopfront } from '#components/shop/shopfront.tsx';
import { Thanks } from '#components/shop/thanks.tsx';
import { florin } from '../florin.ts';

export const metadata: Metadata = { title: { absolute: 'Thank you · Harbour Goods' } };

export default async function ThanksPage({ searchParams }: PageProps<'/shop/thanks'>) {
  const id = (await searchParams).session_id?.toString();
  const session = id ? await retrieve(id) : undefined;
  if (!session) notFound();
  const lines = session.line_items?.data ?? [];
  return (
    <Shopfront>
      <Thanks
        paid={session.payment_status === 'paid'}
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

/** The order as Florin has it: what the address says of itself proves nothing. */
async function retrieve(id: string): Promise<Stripe.Checkout.Session | undefined> {
  try {
    return await florin().checkout.sessions.retrieve(id, { expand: ['line_items'] });
  } catch (error) {
    if (error instanceof Error && 'statusCode' in error && error.statusCode === 404) return undefined;
    throw error;
  }
}
