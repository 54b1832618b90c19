import Link from 'next/link';
import type { ShownOrder } from '#server/trpc/order-view.ts';
import { Badge } from '../../ui/badge.tsx';
import { Coin } from '../../ui/coin.tsx';
import { CopyId } from '../../ui/copy-id.tsx';
import { words } from '../../ui/words.ts';
import { orderTones } from './order-words.ts';
import { RetryButton } from './retry-button.tsx';

/** The order's number and state, large; what is wrong; what can be done. */
export function OrderHead({ order, can }: { order: ShownOrder; can: { retry: boolean } }) {
  return (
    <header className="mb-8 grid gap-4">
      <nav aria-label="Breadcrumb" className="flex items-center gap-1.5 text-13 text-ink-muted">
        <Link href="/admin/orders" className="rounded-sm hover:text-ink">
          Orders
        </Link>
        <span aria-hidden="true">/</span>
        <CopyId id={order.id} />
      </nav>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <h1 className="min-w-0 text-28 font-semibold break-words">{order.reference ?? 'Order'}</h1>
        <Badge tone={orderTones[order.state]} size="lg">
          {words(order.state)}
        </Badge>
        {can.retry && (
          <div className="sm:ml-auto">
            <RetryButton
              id={order.id}
              label={order.trouble === 'refund' ? 'Refund again' : 'Ask the warehouse again'}
            />
          </div>
        )}
      </div>
      {order.trouble && (
        <p className="flex max-w-170 gap-2 text-14 text-warn" role="status">
          <span className="pt-1">
            <Coin tone="warn" />
          </span>
          {troubleText(order)}
        </p>
      )}
    </header>
  );
}

function troubleText({ trouble, compensation }: ShownOrder): string {
  if (trouble === 'warehouse') {
    return 'The warehouse does not say whether it was sent. Ask there before anything else: nothing was refunded, and nothing is sent twice by asking again.';
  }
  const why = compensation?.reason ? ` (${words(compensation.reason).toLowerCase()})` : '';
  return `It was not sent, and the money could not be given back${why}. Refund it by other means, or try again.`;
}
