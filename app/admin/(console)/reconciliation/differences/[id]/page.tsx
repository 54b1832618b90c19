import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { api, ask, refusedWith } from '#app/trpc-server.ts';
import { Assign } from '#components/admin/reconciliation/assign.tsx';
import { DifferenceHead } from '#components/admin/reconciliation/difference-head.tsx';
import { Ending } from '#components/admin/reconciliation/ending.tsx';
import { Notes } from '#components/admin/reconciliation/notes.tsx';
import { Sides } from '#components/admin/reconciliation/sides.tsx';
import { RefreshOnReturn } from '#components/admin/refresh-on-return.tsx';

export const metadata: Metadata = { title: 'Difference' };

export default async function Page({ params }: PageProps<'/admin/reconciliation/differences/[id]'>) {
  const { id } = await params;
  const answer = await ask((await api()).differences.one({ id })).catch(refusedWith);
  if ('refused' in answer) notFound();
  const { difference, ours, people, me, can } = answer;
  return (
    <>
      <RefreshOnReturn />
      <DifferenceHead difference={difference} />
      <div className="grid gap-x-8 gap-y-8 xl:grid-cols-[minmax(0,1fr)_360px]">
        <Sides difference={difference} ours={ours} />
        <div className="grid content-start gap-8">
          <Ending difference={difference} can={can} />
          {can.assign && <Assign key={difference.assignedId} difference={difference} people={people} me={me} />}
          <Notes id={id} notes={difference.notes} may={can.note} />
        </div>
      </div>
    </>
  );
}
