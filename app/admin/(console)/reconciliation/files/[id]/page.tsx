import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { api, ask, refusedWith } from '#app/trpc-server.ts';
import { ExportLinks } from '#components/admin/reconciliation/export-links.tsx';
import { FileFacts } from '#components/admin/reconciliation/file-facts.tsx';
import { FileHead } from '#components/admin/reconciliation/file-head.tsx';
import { LinesTable } from '#components/admin/reconciliation/lines-table.tsx';
import { QuarantinedList } from '#components/admin/reconciliation/quarantined-list.tsx';
import { TurnPages } from '#components/admin/reconciliation/turn-pages.tsx';
import { fileAddress, type Showing, showing, WhichLines } from '#components/admin/reconciliation/which-lines.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LookAgain } from '#components/ui/look-again.tsx';

export const metadata: Metadata = { title: 'Settlement file' };

export default async function Page({ params, searchParams }: PageProps<'/admin/reconciliation/files/[id]'>) {
  const [{ id }, search] = await Promise.all([params, searchParams]);
  const file = await ask((await api()).reconciliation.file({ id })).catch(refusedWith);
  if ('refused' in file) notFound();
  const show = Object.keys(showing).includes(String(search.show)) ? (search.show as Showing) : 'all';
  const after = typeof search.after === 'string' && /^\d{1,9}$/.test(search.after) ? Number(search.after) : undefined;
  return (
    <>
      <FileHead file={file} />
      <div className="grid gap-x-8 gap-y-8 lg:grid-cols-[260px_minmax(0,1fr)]">
        <FileFacts file={file} />
        <section aria-label="Lines" className="min-w-0">
          <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
            <WhichLines id={id} here={show} />
            <ExportLinks query={{ what: 'lines', file: id }} />
          </div>
          <Lines id={id} show={show} after={after} />
        </section>
      </div>
      {file.status !== 'posted' && <LookAgain />}
    </>
  );
}

async function Lines({ id, show, after }: { id: string; show: Showing; after: number | undefined }) {
  const { lines, quarantined } = (await api()).reconciliation;
  const start = after && fileAddress(id, show);
  if (show === 'unread') {
    const { rows, next } = await ask(quarantined({ id, after: after || undefined }));
    if (rows.length === 0) {
      return (
        <EmptyState title="Every line could be read">What cannot be read is kept here with its reason.</EmptyState>
      );
    }
    return (
      <>
        <QuarantinedList rows={rows} />
        <TurnPages start={start || undefined} further={next ? fileAddress(id, show, next) : undefined} />
      </>
    );
  }
  const { rows, next } = await ask(lines({ id, show, after: after || undefined }));
  if (rows.length === 0) {
    return show === 'unmatched' ? (
      <EmptyState title="Every line is matched">A capture or refund without one of ours would stand here.</EmptyState>
    ) : (
      <EmptyState title="No lines yet">They appear here as soon as the file is read.</EmptyState>
    );
  }
  return (
    <>
      <LinesTable rows={rows} />
      <TurnPages start={start || undefined} further={next ? fileAddress(id, show, next) : undefined} />
    </>
  );
}
