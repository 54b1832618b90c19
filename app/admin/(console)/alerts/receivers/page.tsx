import type { Metadata } from 'next';
import { api, ask } from '#app/trpc-server.ts';
import { AddReceiver } from '#components/admin/alerts/add-receiver.tsx';
import { ReceiverList } from '#components/admin/alerts/receiver-list.tsx';
import { WhichAlerts } from '#components/admin/alerts/which-alerts.tsx';

export const metadata: Metadata = { title: 'Who is told of alerts' };

export default async function Page() {
  const { rows, can } = await ask((await api()).alerts.receivers());
  return (
    <>
      <h1 className="mb-4 text-20 font-semibold">Alerts</h1>
      <WhichAlerts here="receivers" />
      <div className="grid grid-cols-1 gap-10 lg:grid-cols-[minmax(0,1fr)_360px]">
        <ReceiverList rows={rows} mayRemove={can.configure} />
        {can.configure && <AddReceiver />}
      </div>
    </>
  );
}
