import type { Metadata } from 'next';
import Link from 'next/link';
import { Suspense } from 'react';
import { api, ask } from '#app/trpc-server.ts';
import { Pages } from '#components/admin/pages.tsx';
import { FilesEmpty } from '#components/admin/reconciliation/files-empty.tsx';
import { FilesSkeleton, FilesTable } from '#components/admin/reconciliation/files-table.tsx';
import { OpenTotal } from '#components/admin/reconciliation/open-total.tsx';
import { Plots } from '#components/admin/reconciliation/plots.tsx';
import { UploadButton } from '#components/admin/reconciliation/upload-button.tsx';
import { WhichPages } from '#components/admin/reconciliation/which-pages.tsx';
import { RefreshOnReturn } from '#components/admin/refresh-on-return.tsx';
import { chipClass } from '#components/ui/chip.tsx';

export const metadata: Metadata = { title: 'Reconciliation' };

export default async function Page({ searchParams }: PageProps<'/admin/reconciliation'>) {
  const search = await searchParams;
  const provider = typeof search.provider === 'string' ? search.provider : undefined;
  const after = typeof search.after === 'string' && /^[\da-f-]{36}$/.test(search.after) ? search.after : undefined;
  const { days, open, providers, readable, can } = await ask((await api()).reconciliation.overview());
  return (
    <>
      <div className="mb-4 flex flex-wrap items-start justify-between gap-3">
        <div>
          <h1 className="text-20 font-semibold">Reconciliation</h1>
          <p className="mt-1 text-13 text-ink-muted">What providers settled, beside what our own books say.</p>
        </div>
        {can.upload && <UploadButton of="settlement" providers={readable} />}
      </div>
      <WhichPages here="files" />
      <RefreshOnReturn />
      <OpenTotal sums={open} />
      <Plots days={days} />
      <nav aria-label="Which provider" className="mb-4 flex flex-wrap gap-2">
        {[undefined, ...providers].map((name) => (
          <Link
            key={name ?? ''}
            href={addressOf(name)}
            aria-current={name === provider ? 'page' : undefined}
            className={chipClass(name === provider)}
          >
            {name ?? 'All providers'}
          </Link>
        ))}
      </nav>
      <Suspense key={addressOf(provider, after)} fallback={<FilesSkeleton />}>
        <Files provider={provider} after={after} mayUpload={can.upload} />
      </Suspense>
    </>
  );
}

interface FilesProps {
  provider: string | undefined;
  after: string | undefined;
  mayUpload: boolean;
}

async function Files({ provider, after, mayUpload }: FilesProps) {
  const { rows, next } = await ask((await api()).reconciliation.page({ provider, after }));
  if (rows.length === 0) return <FilesEmpty mayUpload={mayUpload} />;
  return (
    <>
      <FilesTable rows={rows} />
      <Pages newest={after && addressOf(provider)} older={next ? addressOf(provider, next) : undefined} />
    </>
  );
}

function addressOf(provider: string | undefined, after?: string): string {
  const query = new URLSearchParams({ ...(provider && { provider }), ...(after && { after }) });
  return query.size > 0 ? `/admin/reconciliation?${query}` : '/admin/reconciliation';
}
