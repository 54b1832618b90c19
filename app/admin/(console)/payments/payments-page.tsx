import { api, ask, refusedWith } from '#app/trpc-server.ts';
import { addressOf, type Filters } from '#components/admin/filter-address.ts';
import { BadFilter, Pages } from '#components/admin/pages.tsx';
import { PaymentsEmpty, PaymentsNotYetFound } from '#components/admin/payments-empty.tsx';
import { PaymentsTable } from '#components/admin/payments-table.tsx';

/** One page of the list. */
export async function PaymentsPage({ filters, after }: { filters: Filters; after: string | undefined }) {
  const answer = await ask((await api()).payments.page({ filter: filters, after })).catch(refusedWith);
  if ('refused' in answer) return <BadFilter says={answer.refused.message} whole="/admin/payments" />;
  const { rows, next, searchedTo } = answer;
  const older = next ? addressOf(filters, next) : undefined;
  if (rows.length === 0 && searchedTo && older) return <PaymentsNotYetFound searchedTo={searchedTo} further={older} />;
  if (rows.length === 0) return <PaymentsEmpty filtered={Object.keys(filters).length > 0} />;
  return (
    <>
      <PaymentsTable rows={rows} now={new Date()} />
      <Pages newest={after && addressOf(filters)} older={older} searchedTo={searchedTo} />
    </>
  );
}
