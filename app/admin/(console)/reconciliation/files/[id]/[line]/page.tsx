import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { api, ask, refusedWith } from '#app/trpc-server.ts';
import { Breadcrumb } from '#components/admin/reconciliation/breadcrumb.tsx';
import { LineFacts, LineMatch } from '#components/admin/reconciliation/line-facts.tsx';
import { Standing } from '#components/admin/reconciliation/lines-table.tsx';
import { RawLine } from '#components/admin/reconciliation/raw-line.tsx';
import { endWords, kindWords, lineWords } from '#components/admin/reconciliation/reconciliation-words.ts';
import { SignedAmount } from '#components/admin/reconciliation/signed-amount.tsx';

export const metadata: Metadata = { title: 'Settlement line' };

export default async function Page({ params }: PageProps<'/admin/reconciliation/files/[id]/[line]'>) {
  const { id, line: number } = await params;
  if (!/^\d{1,9}$/.test(number)) notFound();
  const line = await ask((await api()).reconciliation.line({ id, line: Number(number) })).catch(refusedWith);
  if ('refused' in line) notFound();
  return (
    <>
      <Breadcrumb
        steps={[
          ['Reconciliation', '/admin/reconciliation'],
          [line.fileName, `/admin/reconciliation/files/${id}`],
        ]}
        here={`Line ${line.line}`}
      />
      <div className="mt-2 mb-8 flex flex-wrap items-center gap-3">
        <h1 className="text-20 font-semibold">
          {lineWords[line.kind]} of <SignedAmount value={line.amount} currency={line.currency} />
        </h1>
        <Standing row={line} />
      </div>
      <section className="mb-8">
        <h2 className="mb-1.5 text-13 font-semibold">As it came</h2>
        <RawLine raw={line.raw} />
      </section>
      <div className="grid gap-8 md:grid-cols-2">
        <LineFacts line={line} />
        <LineMatch line={line} />
      </div>
      {line.found.length > 0 && (
        <section className="mt-8">
          <h2 className="mb-1.5 text-13 font-semibold">Differences</h2>
          <ul className="grid gap-1 text-13">
            {line.found.map(({ id: difference, kind, ended }) => (
              <li key={difference}>
                <Link
                  href={`/admin/reconciliation/differences/${difference}`}
                  className="rounded-sm underline underline-offset-2"
                >
                  {kindWords[kind]}
                </Link>
                <span className="ml-2 text-ink-muted">{ended ? endWords[ended] : 'Open'}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
