import Link from 'next/link';
import { buttonClass } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';

/** Nothing to list: because nothing was bought yet, or nothing that is asked for here. */
export function OrdersEmpty({ filtered }: { filtered: boolean }) {
  return (
    <EmptyState
      title={filtered ? 'No such order' : 'No orders yet'}
      action={
        <Link href={filtered ? '/admin/orders' : '/shop'} className={buttonClass()}>
          {filtered ? 'Show paid orders' : 'Open the demo shop'}
        </Link>
      }
    >
      {filtered
        ? 'None of your orders is in one of these states.'
        : 'An order appears here once its checkout is paid. What cannot be sent is refunded by itself.'}
    </EmptyState>
  );
}
