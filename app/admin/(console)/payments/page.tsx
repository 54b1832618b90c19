import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { Suspense } from 'react';
import { api, ask } from '#app/trpc-server.ts';
import { addressOf, readFilters } from '#components/admin/filter-address.ts';
import { FilterBar } from '#components/admin/filter-bar.tsx';
import { PaymentsSkeleton } from '#components/admin/payments-skeleton.tsx';
import { PaymentsPage } from './payments-page.tsx';

export const metadata: Metadata = { title: 'Payments' };

export default async function Page({ searchParams }: PageProps<'/admin/payments'>) {
  const search = await searchParams;
  const find = typeof search.find === 'string' ? search.find.trim() : '';
  if (/^ch_\w{22}$/.test(find)) redirect(`/admin/payments/${find}`);
  if (find) redirect(addressOf({ q: find }));
  const filters = readFilters(search);
  const after = typeof search.after === 'string' ? search.after : undefined;
  const { currency, providers } = await ask((await api()).payments.choices());
  return (
    <>
      <h1 className="mb-4 text-20 font-semibold">Payments</h1>
      <FilterBar filters={filters} home={currency} providers={providers} />
      <div className="mt-4">
        <Suspense key={addressOf(filters, after)} fallback={<PaymentsSkeleton />}>
          <PaymentsPage filters={filters} after={after} />
        </Suspense>
      </div>
    </>
  );
}
