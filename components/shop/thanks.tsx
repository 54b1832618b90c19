import { buttonClass } from '../ui/button.tsx';
import { LookAgain } from '../ui/look-again.tsx';
import { euros } from './euros.ts';

/** How far an order is. `refused`: it cannot be sent, and the money is on its way back. */
export type OrderStanding =
  | { kind: 'unpaid' | 'packing' | 'sent' }
  | { kind: 'refused' | 'refunded'; why: string | undefined };

interface ThanksProps {
  standing: OrderStanding;
  order: string;
  /** In euro cents. */
  total: number;
  lines: { id: string; name: string; quantity: number; amount: number }[];
}

/** The order, as the shop knows it now. */
export function Thanks({ standing, order, total, lines }: ThanksProps) {
  const { title, text, sum } = wordsFor(standing, order);
  return (
    <main className="mx-auto grid w-full max-w-120 gap-6 px-4 pb-12">
      <div className="grid gap-1 text-center" aria-live="polite">
        <h1 className="text-20 font-semibold">{title}</h1>
        <p className="text-ink-muted">{text}</p>
      </div>
      <div className="rounded-card border">
        <ul className="grid gap-3 p-5">
          {lines.map(({ id, name, quantity, amount }) => (
            <li key={id} className="flex justify-between gap-6">
              <span>{quantity > 1 ? `${quantity} × ${name}` : name}</span>
              <span>{euros(amount)}</span>
            </li>
          ))}
        </ul>
        <p className="flex justify-between gap-6 border-t p-5 font-semibold">
          <span>{sum}</span>
          <span>{euros(total)}</span>
        </p>
      </div>
      <a href="/shop" className={buttonClass({ size: 'lg' })}>
        Back to the shop
      </a>
      {(standing.kind === 'packing' || standing.kind === 'refused') && <LookAgain />}
    </main>
  );
}

function wordsFor(standing: OrderStanding, order: string): { title: string; text: string; sum: string } {
  switch (standing.kind) {
    case 'unpaid':
      return { title: 'Your order is not paid yet', text: `Order ${order} waits for its payment.`, sum: 'Total' };
    case 'packing':
      return { title: 'Thank you for your order', text: `Order ${order} is paid and is being packed.`, sum: 'Paid' };
    case 'sent':
      return { title: 'Thank you for your order', text: `Order ${order} is paid and on its way to you.`, sum: 'Paid' };
    case 'refused': {
      const text = `${because(standing.why)}Your money is on its way back to your card. Order ${order}.`;
      return { title: 'Your order could not be sent', text, sum: 'Being refunded' };
    }
    case 'refunded': {
      const text = `${because(standing.why)}Your money was given back to your card. Order ${order}.`;
      return { title: 'Your order was refunded', text, sum: 'Refunded' };
    }
  }
}

const because = (why: string | undefined) => (why ? `${why}. ` : '');
