import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { api, ask, refusedWith } from '#app/trpc-server.ts';
import { Facts } from '#components/admin/payment/facts.tsx';
import { isUnclosed } from '#components/admin/payment/operation-tone.ts';
import { OrderLine } from '#components/admin/payment/order-line.tsx';
import { PaymentHead } from '#components/admin/payment/payment-head.tsx';
import { StateDiagram } from '#components/admin/payment/state-diagram.tsx';
import { Timeline } from '#components/admin/payment/timeline.tsx';
import { Watch } from '#components/admin/payment/watch.tsx';

export const metadata: Metadata = { title: 'Payment' };

export default async function Page({ params, searchParams }: PageProps<'/admin/payments/[id]'>) {
  const [{ id }, { since }] = await Promise.all([params, searchParams]);
  const answer = await ask((await api()).payment.view({ id })).catch(refusedWith);
  if ('refused' in answer) notFound();
  const { payment, entries, escalations, diagram, can } = answer;
  const order = await ask((await api()).orders.ofIntent({ intentId: payment.intentId }));
  return (
    <>
      <PaymentHead payment={payment} entries={entries} escalations={escalations} can={can} />
      {order && <OrderLine order={order} />}
      <div className="grid gap-x-8 gap-y-8 lg:grid-cols-[240px_minmax(0,1fr)] xl:grid-cols-[240px_minmax(0,1fr)_300px]">
        <Facts payment={payment} />
        <section className="min-w-0">
          <h2 className="mb-3 text-13 font-semibold">Timeline</h2>
          <Timeline entries={entries} operations={payment.operations} since={numberIn(since)} />
        </section>
        <section>
          <h2 className="mb-3 text-13 font-semibold">States</h2>
          <StateDiagram diagram={diagram} entries={entries} state={payment.state} />
        </section>
      </div>
      <Watch
        id={payment.id}
        version={payment.version}
        waiting={payment.queuedUntil !== null || payment.operations.some((one) => isUnclosed(one.status))}
      />
    </>
  );
}

function numberIn(text: string | string[] | undefined): number | undefined {
  return typeof text === 'string' && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
