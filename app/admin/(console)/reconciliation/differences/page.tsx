import type { Metadata } from 'next';
import { Suspense } from 'react';
import { api, ask, refusedWith } from '#app/trpc-server.ts';
import { BadFilter } from '#components/admin/pages.tsx';
import {
  type DifferenceFilters,
  differencesAddress,
  readDifferenceFilters,
} from '#components/admin/reconciliation/differences-address.ts';
import { DifferencesEmpty } from '#components/admin/reconciliation/differences-empty.tsx';
import { DifferencesFilter } from '#components/admin/reconciliation/differences-filter.tsx';
import { DifferencesSkeleton, DifferencesTable } from '#components/admin/reconciliation/differences-table.tsx';
import { ExportLinks } from '#components/admin/reconciliation/export-links.tsx';
import { OpenTotal } from '#components/admin/reconciliation/open-total.tsx';
import { TurnPages } from '#components/admin/reconciliation/turn-pages.tsx';
import { WhichPages } from '#components/admin/reconciliation/which-pages.tsx';
import { RefreshOnReturn } from '#components/admin/refresh-on-return.tsx';

export const metadata: Metadata = { title: 'Differences' };

export default async function Page({ searchParams }: PageProps<'/admin/reconciliation/differences'>) {
  const search = await searchParams;
  const filters = readDifferenceFilters(search);
  const after = typeof search.after === 'string' ? search.after : undefined;
  const { open, providers } = await ask((await api()).differences.choices());
  return (
    <>
      <h1 className="text-20 font-semibold">Differences</h1>
      <p className="mt-1 mb-4 text-13 text-ink-muted">Where two books do not say the same.</p>
      <WhichPages here="differences" />
      <RefreshOnReturn />
      <OpenTotal sums={open} />
      <DifferencesFilter filters={filters} providers={providers} />
      <div className="mt-4">
        <Suspense key={differencesAddress(filters, after)} fallback={<DifferencesSkeleton />}>
          <Differences filters={filters} after={after} />
        </Suspense>
      </div>
    </>
  );
}

/** One page of the queue. Filters come from the address and are judged by the procedure, which refuses odd ones. */
async function Differences({ filters, after }: { filters: DifferenceFilters; after: string | undefined }) {
  const { mine, file, ...rest } = filters;
  const filter = { ...rest, ...(mine && { mine: true }), ...(file && { fileId: file }) };
  const input = { filter, after } as Parameters<Awaited<ReturnType<typeof api>>['differences']['page']>[0];
  const answer = await ask((await api()).differences.page(input)).catch(refusedWith);
  if ('refused' in answer) {
    return <BadFilter says={answer.refused.message} whole="/admin/reconciliation/differences" />;
  }
  const { rows, next } = answer;
  if (rows.length === 0) return <DifferencesEmpty filtered={Object.keys(filters).length > 0} />;
  return (
    <>
      <div className="mb-2 flex justify-end">
        <ExportLinks query={{ what: 'differences', ...filters }} />
      </div>
      <DifferencesTable rows={rows} ended={filters.state === 'ended'} />
      <TurnPages
        start={after && differencesAddress(filters)}
        further={next ? differencesAddress(filters, next) : undefined}
      />
    </>
  );
}
