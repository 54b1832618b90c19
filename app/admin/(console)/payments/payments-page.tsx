import { api, ask, refusedWith } from '#app/trpc-server.ts';
import { addressOf, type Filters } from '#components/admin/filter-address.ts';
import { BadFilter, Pages } from '#components/admin/pages.tsx';
import { PaymentsEmpty } from '#components/admin/payments-empty.tsx';
import { leftOut } from '#components/admin/payments-end.ts';
import { PaymentsTable } from '#components/admin/payments-table.tsx';

/** One page of the list. */
export async function PaymentsPage({ filters, after }: { filters: Filters; after: string | undefined }) {
  const answer = await ask((await api()).payments.page({ filter: filters, after })).catch(refusedWith);
  if ('refused' in answer) return <BadFilter says={answer.refused.message} whole="/admin/payments" />;
  const { rows, next, ...end } = answer;
  const older = next ? addressOf(filters, next) : undefined;
  if (rows.length === 0) return <PaymentsEmpty filters={filters} after={after} older={older} {...end} />;
  return (
    <>
      <PaymentsTable rows={rows} now={new Date()} />
      <Pages
        newest={after && addressOf(filters)}
        older={older}
        further={end.searchedTo ? 'Search further' : 'Older'}
        note={leftOut(end)}
      />
    </>
  );
}
