import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { api, ask, refusedWith } from '#app/trpc-server.ts';
import { Closing } from '#components/admin/escalations/closing.tsx';
import { EscalationFacts } from '#components/admin/escalations/escalation-facts.tsx';
import { EscalationHead } from '#components/admin/escalations/escalation-head.tsx';
import { Evidence } from '#components/admin/escalations/evidence.tsx';
import { RefreshOnReturn } from '#components/admin/refresh-on-return.tsx';

export const metadata: Metadata = { title: 'Escalation' };

export default async function Page({ params }: PageProps<'/admin/escalations/[id]'>) {
  const { id } = await params;
  const answer = await ask((await api()).escalations.one({ id })).catch(refusedWith);
  if ('refused' in answer) notFound();
  const { escalation, can } = answer;
  return (
    <>
      <RefreshOnReturn />
      <EscalationHead escalation={escalation} />
      <div className="grid gap-x-8 gap-y-8 lg:grid-cols-[minmax(0,1fr)_320px]">
        <Closing escalation={escalation} can={can} />
        <div className="grid content-start gap-6">
          <Evidence evidence={escalation.evidence} />
          <EscalationFacts escalation={escalation} />
        </div>
      </div>
    </>
  );
}
