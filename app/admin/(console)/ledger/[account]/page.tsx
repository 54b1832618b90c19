import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { api, ask, refusedWith } from '#app/trpc-server.ts';
import { accountWords } from '#components/admin/ledger/account-words.ts';
import { accountAddress, dayIn, type Which } from '#components/admin/ledger/ledger-address.ts';
import { PostingsTable } from '#components/admin/ledger/postings-table.tsx';
import { BadFilter, Pages } from '#components/admin/pages.tsx';
import { Breadcrumb } from '#components/admin/reconciliation/breadcrumb.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';

export const metadata: Metadata = { title: 'Account' };

export default async function Page({ params, searchParams }: PageProps<'/admin/ledger/[account]'>) {
  const [{ account }, search] = await Promise.all([params, searchParams]);
  if (!Object.hasOwn(accountWords, account)) notFound();
  const { name, holds } = accountWords[account as keyof typeof accountWords];
  const one = (value: string | string[] | undefined) => (typeof value === 'string' ? value : undefined);
  const which = { account, provider: one(search.provider), currency: one(search.currency), day: dayIn(search.day) };
  const ledger = which.day ? `/admin/ledger?day=${which.day}` : '/admin/ledger';
  const where = [which.provider, which.currency, which.day && `until ${which.day}`].filter(Boolean).join(', ');
  return (
    <>
      <Breadcrumb steps={[['Ledger', ledger]]} here={name} />
      <h1 className="mt-2 text-20 font-semibold">{name}</h1>
      <p className="mt-1 mb-6 text-13 text-ink-muted">
        {holds} {where && `Of ${where}.`}
      </p>
      <Postings which={which} after={one(search.after)} />
    </>
  );
}

async function Postings({ which, after }: { which: Which; after: string | undefined }) {
  const input = { ...which, after } as Parameters<Awaited<ReturnType<typeof api>>['ledger']['entries']>[0];
  const answer = await ask((await api()).ledger.entries(input)).catch(refusedWith);
  if ('refused' in answer) return <BadFilter says={answer.refused.message} whole="/admin/ledger" />;
  const { rows, next } = answer;
  if (rows.length === 0) {
    return (
      <EmptyState title="No postings here">
        Postings of the last 31 days are listed, or of the 31 days before the end of the day that is chosen.
      </EmptyState>
    );
  }
  return (
    <>
      <PostingsTable rows={rows} account={which.account} />
      <Pages
        newest={after && accountAddress(which)}
        older={next ? accountAddress({ ...which, after: next }) : undefined}
      />
    </>
  );
}
