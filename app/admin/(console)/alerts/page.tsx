import type { Metadata } from 'next';
import { Suspense } from 'react';
import { api, ask } from '#app/trpc-server.ts';
import { AlertList } from '#components/admin/alerts/alert-list.tsx';
import { AlertsEmpty } from '#components/admin/alerts/alerts-empty.tsx';
import { AlertsSkeleton } from '#components/admin/alerts/alerts-skeleton.tsx';
import { WhichAlerts } from '#components/admin/alerts/which-alerts.tsx';

export const metadata: Metadata = { title: 'Alerts' };

export default async function Page({ searchParams }: PageProps<'/admin/alerts'>) {
  const open = (await searchParams).resolved === undefined;
  return (
    <>
      <h1 className="mb-4 text-20 font-semibold">Alerts</h1>
      <WhichAlerts here={open ? 'open' : 'resolved'} />
      <Suspense key={String(open)} fallback={<AlertsSkeleton />}>
        <Alerts open={open} />
      </Suspense>
    </>
  );
}

async function Alerts({ open }: { open: boolean }) {
  const { rows, can } = await ask((await api()).alerts.list({ open }));
  if (rows.length === 0) return <AlertsEmpty open={open} />;
  return <AlertList rows={rows} mayAcknowledge={can.acknowledge} />;
}
