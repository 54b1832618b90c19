import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { api, ask, refusedWith } from '#app/trpc-server.ts';
import { OrderFacts } from '#components/admin/orders/order-facts.tsx';
import { OrderHead } from '#components/admin/orders/order-head.tsx';
import { OrderTimeline } from '#components/admin/orders/order-timeline.tsx';
import { LookAgain } from '#components/ui/look-again.tsx';

export const metadata: Metadata = { title: 'Order' };

export default async function Page({ params }: PageProps<'/admin/orders/[id]'>) {
  const { id } = await params;
  const answer = await ask((await api()).orders.one({ id })).catch(refusedWith);
  if ('refused' in answer) notFound();
  const { order, payment, can } = answer;
  const moving = ['fulfilling', 'failed'].includes(order.state) && !order.trouble;
  return (
    <>
      <OrderHead order={order} can={can} />
      <div className="grid gap-x-8 gap-y-8 lg:grid-cols-[280px_minmax(0,1fr)]">
        <OrderFacts order={order} payment={payment} />
        <section className="min-w-0">
          <h2 className="mb-3 text-13 font-semibold">Timeline</h2>
          <OrderTimeline entries={order.entries} />
        </section>
      </div>
      {moving && <LookAgain />}
    </>
  );
}
