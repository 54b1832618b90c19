import type { Metadata } from 'next';
import Link from 'next/link';
import { api, ask } from '#app/trpc-server.ts';
import { BalancesTable } from '#components/admin/ledger/balances-table.tsx';
import { DayPicker } from '#components/admin/ledger/day-picker.tsx';
import { dayIn } from '#components/admin/ledger/ledger-address.ts';
import { buttonClass } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { exact } from '#components/ui/time.ts';

export const metadata: Metadata = { title: 'Ledger' };

export default async function Page({ searchParams }: PageProps<'/admin/ledger'>) {
  const day = dayIn((await searchParams).day);
  const { at, rows } = await ask((await api()).ledger.balances({ day }));
  return (
    <>
      <div className="mb-6 flex flex-wrap items-start justify-between gap-3">
        <div>
          <h1 className="text-20 font-semibold">Ledger</h1>
          <p className="mt-1 text-13 text-ink-muted">
            What each account holds {day ? `at the end of ${day}, in UTC` : `now, ${exact(at)}`}. What is owed to us is
            above nothing, what we owe below.
          </p>
        </div>
        <DayPicker day={day} today={new Date().toISOString().slice(0, 10)} />
      </div>
      {rows.length > 0 ? <BalancesTable rows={rows} day={day} /> : <Empty day={day} />}
    </>
  );
}

function Empty({ day }: { day: string | undefined }) {
  const [href, action] = day ? ['/admin/ledger', 'Look at now'] : ['/admin/payments', 'To the payments'];
  return (
    <EmptyState
      title={day ? 'Nothing was posted until then' : 'Nothing is posted yet'}
      action={
        <Link href={href} className={buttonClass()}>
          {action}
        </Link>
      }
    >
      Accounts appear here with the first payment that is authorised: what issuers set aside, what providers owe, what
      they keep.
    </EmptyState>
  );
}
