import type { Metadata } from 'next';
import Link from 'next/link';
import { api, ask } from '#app/trpc-server.ts';
import { OrdersEmpty } from '#components/admin/orders/orders-empty.tsx';
import { OrdersTable } from '#components/admin/orders/orders-table.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { chipClass } from '#components/ui/chip.tsx';

export const metadata: Metadata = { title: 'Orders' };

const choices = [
  ['paid', 'Paid'],
  ['under_way', 'Under way'],
  ['not_sent', 'Not sent'],
  ['all', 'All'],
] as const;

export default async function Page({ searchParams }: PageProps<'/admin/orders'>) {
  const search = await searchParams;
  const [show] = choices.find(([name]) => name === search.show) ?? choices[0];
  const after = typeof search.after === 'string' && /^ord_\w{22}$/.test(search.after) ? search.after : undefined;
  const { rows, next } = await ask((await api()).orders.page({ show, after }));
  return (
    <>
      <h1 className="text-20 font-semibold">Orders</h1>
      <p className="mt-1 mb-4 text-13 text-ink-muted">What was paid for, and whether it was sent.</p>
      <nav aria-label="Which orders" className="mb-4 flex flex-wrap gap-2">
        {choices.map(([name, label]) => (
          <Link
            key={name}
            href={`/admin/orders?show=${name}`}
            aria-current={name === show ? 'page' : undefined}
            className={chipClass(name === show)}
          >
            {label}
          </Link>
        ))}
      </nav>
      {rows.length === 0 ? <OrdersEmpty filtered={show !== 'paid'} /> : <OrdersTable rows={rows} />}
      <nav aria-label="Pages" className="mt-4 flex justify-end gap-2 empty:hidden">
        {after && (
          <Link href={`/admin/orders?show=${show}`} className={buttonClass({ size: 'sm' })}>
            Newest
          </Link>
        )}
        {next && (
          <Link href={`/admin/orders?show=${show}&after=${next}`} className={buttonClass({ size: 'sm' })}>
            Older
          </Link>
        )}
      </nav>
    </>
  );
}
