import type { Metadata } from 'next';
import { api, ask } from '#app/trpc-server.ts';
import { Pages } from '#components/admin/pages.tsx';
import { StatementsEmpty, StatementsTable } from '#components/admin/reconciliation/statements-table.tsx';
import { UploadButton } from '#components/admin/reconciliation/upload-button.tsx';
import { WhichPages } from '#components/admin/reconciliation/which-pages.tsx';

export const metadata: Metadata = { title: 'Bank statements' };

const address = '/admin/reconciliation/statements';

export default async function Page({ searchParams }: PageProps<'/admin/reconciliation/statements'>) {
  const search = await searchParams;
  const after = typeof search.after === 'string' && /^[\da-f-]{36}$/.test(search.after) ? search.after : undefined;
  const { rows, next, can } = await ask((await api()).reconciliation.statements({ after }));
  return (
    <>
      <div className="mb-4 flex flex-wrap items-start justify-between gap-3">
        <div>
          <h1 className="text-20 font-semibold">Bank statements</h1>
          <p className="mt-1 text-13 text-ink-muted">What the bank says that came, beside providers’ payouts.</p>
        </div>
        {can.upload && <UploadButton of="statement" providers={[]} />}
      </div>
      <WhichPages here="statements" />
      {rows.length === 0 ? <StatementsEmpty mayUpload={can.upload} /> : <StatementsTable rows={rows} />}
      <Pages newest={after && address} older={next ? `${address}?after=${next}` : undefined} />
    </>
  );
}
