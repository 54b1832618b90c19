import Link from 'next/link';
import type { ShownOrderRow } from '#server/trpc/order-view.ts';
import { Badge } from '../../ui/badge.tsx';
import { Coin } from '../../ui/coin.tsx';
import { words } from '../../ui/words.ts';
import { orderTones, troubleWords } from '../orders/order-words.ts';

/** What the payment is for, and how far that has come. */
export function OrderLine({ order }: { order: ShownOrderRow }) {
  return (
    <p className="-mt-4 mb-8 flex flex-wrap items-center gap-x-2.5 gap-y-1 text-14">
      <span className="text-ink-muted">Order</span>
      <Link
        href={`/admin/orders/${order.id}`}
        className="rounded-sm font-medium underline decoration-line-strong underline-offset-3 hover:decoration-ink"
      >
        {order.reference ?? 'without a number'}
      </Link>
      <Badge tone={orderTones[order.state]}>{words(order.state)}</Badge>
      {order.trouble && (
        <span className="inline-flex items-center gap-1.5 text-13 text-warn">
          <Coin tone="warn" />
          {troubleWords[order.trouble]}
        </span>
      )}
    </p>
  );
}
