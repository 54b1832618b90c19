import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { api, ask, refusedWith } from '#app/trpc-server.ts';
import { Breadcrumb } from '#components/admin/reconciliation/breadcrumb.tsx';
import { EntriesTable } from '#components/admin/reconciliation/statements-table.tsx';
import { TurnPages } from '#components/admin/reconciliation/turn-pages.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LookAgain } from '#components/ui/look-again.tsx';

export const metadata: Metadata = { title: 'Bank statement' };

export default async function Page({ params, searchParams }: PageProps<'/admin/reconciliation/statements/[id]'>) {
  const [{ id }, search] = await Promise.all([params, searchParams]);
  const after = typeof search.after === 'string' && /^\d{1,9}$/.test(search.after) ? Number(search.after) : undefined;
  const answer = await ask((await api()).reconciliation.statement({ id, after: after || undefined })).catch(
    refusedWith,
  );
  if ('refused' in answer) notFound();
  const { statement, rows, next } = answer;
  const address = `/admin/reconciliation/statements/${id}`;
  return (
    <>
      <Breadcrumb
        steps={[
          ['Reconciliation', '/admin/reconciliation'],
          ['Bank statements', '/admin/reconciliation/statements'],
        ]}
        here={statement.name}
      />
      <h1 className="mt-2 text-20 font-semibold break-words">{statement.name}</h1>
      <p className="mt-1 mb-6 text-13 text-ink-muted">
        {statement.matchedAt
          ? `${statement.matched.toLocaleString('en')} of ${statement.lines.toLocaleString('en')} entries are payouts of a provider’s file.`
          : 'It is read and matched with payouts by itself.'}
      </p>
      {rows.length === 0 ? (
        <EmptyState title="No entries yet">They appear here as soon as the statement is read.</EmptyState>
      ) : (
        <EntriesTable rows={rows} />
      )}
      <TurnPages start={after ? address : undefined} further={next ? `${address}?after=${next}` : undefined} />
      {!statement.matchedAt && <LookAgain />}
    </>
  );
}
