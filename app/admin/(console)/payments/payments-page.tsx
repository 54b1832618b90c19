import Link from 'next/link';
import { api, ask, refusedWith } from '#app/trpc-server.ts';
import { addressOf, type Filters } from '#components/admin/filter-address.ts';
import { PaymentsEmpty } from '#components/admin/payments-empty.tsx';
import { PaymentsTable } from '#components/admin/payments-table.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';

/** One page of the list. */
export async function PaymentsPage({ filters, after }: { filters: Filters; after: string | undefined }) {
  const answer = await ask((await api()).payments.page({ filter: filters, after })).catch(refusedWith);
  if ('refused' in answer) return <BadFilter says={answer.refused.message} />;
  const { rows, next } = answer;
  if (rows.length === 0) return <PaymentsEmpty filtered={Object.keys(filters).length > 0} />;
  return (
    <>
      <PaymentsTable rows={rows} now={new Date()} />
      <nav aria-label="Pages" className="mt-4 flex justify-end gap-2 empty:hidden">
        {after && <PageLink href={addressOf(filters)}>Newest</PageLink>}
        {next && <PageLink href={addressOf(filters, next)}>Older</PageLink>}
      </nav>
    </>
  );
}

function PageLink({ href, children }: { href: string; children: string }) {
  return (
    <Link href={href} className={buttonClass({ size: 'sm' })}>
      {children}
    </Link>
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
