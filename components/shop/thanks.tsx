import { buttonClass } from '../ui/button.tsx';
import { euros } from './euros.ts';

interface ThanksProps {
  paid: boolean;
  order: string;
  /** In euro cents. */
  total: number;
  lines: { id: string; name: string; quantity: number; amount: number }[];
}

/** The order, as the shop knows it now. */
export function Thanks({ paid, order, total, lines }: ThanksProps) {
  return (
    <main className="mx-auto grid w-full max-w-120 gap-6 px-4 pb-12">
      <div className="grid gap-1 text-center">
        <h1 className="text-20 font-semibold">{paid ? 'Thank you for your order' : 'Your order is not paid yet'}</h1>
        <p className="text-ink-muted">
          {paid ? `Order ${order} is paid and will be packed today.` : `Order ${order} waits for its payment.`}
        </p>
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
          <span>{paid ? 'Paid' : 'Total'}</span>
          <span>{euros(total)}</span>
        </p>
      </div>
      <a href="/shop" className={buttonClass({ size: 'lg' })}>
        Back to the shop
      </a>
    </main>
  );
}
