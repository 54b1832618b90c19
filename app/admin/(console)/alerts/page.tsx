import type { Metadata } from 'next';
import Link from 'next/link';
import { Suspense } from 'react';
import { api, ask } from '#app/trpc-server.ts';
import { AlertList } from '#components/admin/alerts/alert-list.tsx';
import { AlertsEmpty } from '#components/admin/alerts/alerts-empty.tsx';
import { AlertsSkeleton } from '#components/admin/alerts/alerts-skeleton.tsx';
import { chipClass } from '#components/ui/chip.tsx';

export const metadata: Metadata = { title: 'Alerts' };

export default async function Page({ searchParams }: PageProps<'/admin/alerts'>) {
  const open = (await searchParams).resolved === undefined;
  return (
    <>
      <h1 className="mb-4 text-20 font-semibold">Alerts</h1>
      <nav aria-label="Which alerts" className="mb-4 flex gap-2">
        <Which href="/admin/alerts" on={open}>
          Open
        </Which>
        <Which href="/admin/alerts?resolved" on={!open}>
          Resolved
        </Which>
      </nav>
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

function Which({ href, on, children }: { href: string; on: boolean; children: string }) {
  return (
    <Link href={href} aria-current={on ? 'page' : undefined} className={chipClass(on)}>
      {children}
    </Link>
  );
}
