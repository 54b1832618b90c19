import type { Metadata } from 'next';
import Link from 'next/link';
import { api, ask } from '#app/trpc-server.ts';
import { AtRiskTotal } from '#components/admin/escalations/at-risk.tsx';
import { EscalationsEmpty } from '#components/admin/escalations/escalations-empty.tsx';
import { EscalationsTable } from '#components/admin/escalations/escalations-table.tsx';
import { RefreshOnReturn } from '#components/admin/refresh-on-return.tsx';
import { buttonClass } from '#components/ui/button.tsx';

export const metadata: Metadata = { title: 'Escalations' };

export default async function Page({ searchParams }: PageProps<'/admin/escalations'>) {
  const all = (await searchParams).all !== undefined;
  const { rows, atRisk, open } = await ask((await api()).escalations.list({ all }));
  const waiting = rows.filter(({ status }) => status !== 'closed');
  const oldest = waiting.map(({ openedAt }) => openedAt).sort((a, b) => a.getTime() - b.getTime())[0];
  return (
    <>
      <h1 className="mb-4 text-20 font-semibold">Escalations</h1>
      {open > 0 && <AtRiskTotal sums={atRisk} open={open} oldest={oldest} />}
      <nav aria-label="Which escalations" className="mb-4 flex gap-1">
        <Which href="/admin/escalations" on={!all}>
          Open
        </Which>
        <Which href="/admin/escalations?all" on={all}>
          All
        </Which>
      </nav>
      <RefreshOnReturn />
      {rows.length === 0 ? <EscalationsEmpty all={all} /> : <EscalationsTable rows={rows} />}
    </>
  );
}

function Which({ href, on, children }: { href: string; on: boolean; children: string }) {
  return (
    <Link
      href={href}
      aria-current={on ? 'page' : undefined}
      className={buttonClass({ look: on ? 'secondary' : 'quiet', size: 'sm' })}
    >
      {children}
    </Link>
  );
}
