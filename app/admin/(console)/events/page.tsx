import type { Metadata } from 'next';
import { api, ask } from '#app/trpc-server.ts';
import { ConsumersTable } from '#components/admin/events/consumers-table.tsx';
import { ParkedList } from '#components/admin/events/parked-list.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';

export const metadata: Metadata = { title: 'Consumers' };

export default async function Page() {
  const { standings, parked, can } = await ask((await api()).events.page());
  return (
    <>
      <h1 className="text-20 font-semibold">Consumers</h1>
      <p className="mt-1 mb-4 text-13 text-ink-muted">Who acts on what happens to payments, and how far they are.</p>
      <ConsumersTable rows={standings} />
      <h2 className="mt-8 mb-3 text-16 font-semibold">Put aside</h2>
      {parked.length > 0 ? (
        <ParkedList rows={parked} mayRetry={can.retry} />
      ) : (
        <EmptyState title="Nothing is put aside">
          An event that a consumer cannot deal with appears here with the reason. What else happened to its payment
          waits behind it; all other payments go on.
        </EmptyState>
      )}
    </>
  );
}
