import Link from 'next/link';
import { api, ask, refusedWith } from '#app/trpc-server.ts';
import { addressOf, type Filters } from '#components/admin/filter-address.ts';
import { FilterBar } from '#components/admin/filter-bar.tsx';
import { PaymentsEmpty } from '#components/admin/payments-empty.tsx';
import { PaymentsTable } from '#components/admin/payments-table.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';

/** One page of the list. */
export async function PaymentsPage({ filters, after }: { filters: Filters; after: string | undefined }) {
  const answer = await ask((await api()).payments.page({ filter: filters, after })).catch(refusedWith);
  if ('refused' in answer) return <BadFilter says={answer.refused.message} />;
  const { rows, next, currency, providers } = answer;
  return (
    <>
      <FilterBar filters={filters} home={currency} providers={providers} />
      <div className="mt-4">
        {rows.length > 0 ? (
          <PaymentsTable rows={rows} now={new Date()} />
        ) : (
          <PaymentsEmpty filtered={Object.keys(filters).length > 0} />
        )}
      </div>
      <nav aria-label="Pages" className="mt-4 flex justify-end gap-2 empty:hidden">
        {after && (
          <Link href={addressOf(filters)} className={buttonClass({ size: 'sm' })}>
            Newest
          </Link>
        )}
        {next && (
          <Link href={addressOf(filters, next)} className={buttonClass({ size: 'sm' })}>
            Older
          </Link>
        )}
      </nav>
    </>
  );
}

function BadFilter({ says }: { says: string }) {
  return (
    <ErrorState
      title="This filter cannot be read"
      action={
        <Link href="/admin/payments" className={buttonClass()}>
          Clear filters
        </Link>
      }
    >
      {says}
    </ErrorState>
  );
}
