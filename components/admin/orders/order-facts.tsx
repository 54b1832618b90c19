import Link from 'next/link';
import type { ShownOrder } from '#server/trpc/order-view.ts';
import { Amount } from '../../ui/amount.tsx';
import { CopyId } from '../../ui/copy-id.tsx';
import { exact } from '../../ui/time.ts';
import { Fact, FactList } from '../fact.tsx';
import { refundWords, sendingWords } from './order-words.ts';

/** What was bought, by whom, and how far it has come. */
export function OrderFacts({ order, payment }: { order: ShownOrder; payment: string | null }) {
  const { currency, lineItems, fulfilment, compensation } = order;
  return (
    <div className="grid content-start gap-6">
      <FactList title="Bought">
        {lineItems.map((item) => (
          <Fact key={item.id} name={item.quantity > 1 ? `${item.quantity} × ${item.name}` : item.name}>
            <Amount value={item.amount} currency={currency} />
          </Fact>
        ))}
        <Fact name="Total">
          <Amount value={order.amount} currency={currency} className="font-medium" />
        </Fact>
      </FactList>
      {(fulfilment || compensation) && (
        <FactList title="Sending">
          {fulfilment && <Fact name="Warehouse">{sendingWords[fulfilment.status]}</Fact>}
          {fulfilment?.reason && <Fact name="Because">{fulfilment.reason}</Fact>}
          {compensation && <Fact name="Refund">{refundWords[compensation.status]}</Fact>}
          {compensation?.refundId && (
            <Fact name="Refund id">
              <CopyId id={compensation.refundId} />
            </Fact>
          )}
        </FactList>
      )}
      <FactList title="Details">
        <Fact name="Order">
          <CopyId id={order.id} />
        </Fact>
        {payment && (
          <Fact name="Payment">
            <Link href={`/admin/payments/${payment}`} className="text-accent underline-offset-2 hover:underline">
              Open payment
            </Link>
          </Fact>
        )}
        <Fact name="Session">
          <CopyId id={order.sessionId} />
        </Fact>
        {order.email && <Fact name="Email">{order.email}</Fact>}
        <Fact name="Created">{exact(order.createdAt)}</Fact>
        <Fact name="Changed">{exact(order.updatedAt)}</Fact>
      </FactList>
    </div>
  );
}
