'use client';

import { Minus, Plus } from 'lucide-react';
import { type FormEvent, useEffect, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Drawing } from './drawings.tsx';
import { euros } from './euros.ts';

interface Product {
  sku: string;
  name: string;
  description: string;
  /** In euro cents. */
  price: number;
}

interface BasketProps {
  products: readonly Product[];
  initial: Partial<Record<string, number>>;
  most: number;
  /** Unguessable; makes a second press of the button the same order. */
  press: string;
}

/** The goods, how many of each, and what it comes to. A form like any other: without scripts the numbers are typed. */
export function Basket({ products, initial, most, press }: BasketProps) {
  const [counts, setCounts] = useState(initial);
  const [leaving, setLeaving] = useState(false);
  const pieces = products.reduce((sum, { sku }) => sum + (counts[sku] ?? 0), 0);
  const total = products.reduce((sum, { sku, price }) => sum + price * (counts[sku] ?? 0), 0);

  // The browser may bring this page back as it was left, in the middle of leaving.
  useEffect(() => {
    const restored = () => setLeaving(false);
    window.addEventListener('pageshow', restored);
    return () => window.removeEventListener('pageshow', restored);
  }, []);

  function leave(event: FormEvent) {
    if (pieces === 0 || leaving) event.preventDefault();
    else setLeaving(true);
  }

  return (
    <form method="post" action="/shop/checkout" onSubmit={leave} className="flex grow flex-col">
      <input type="hidden" name="press" value={press} />
      <main className="mx-auto grid w-full max-w-260 grow grid-cols-1 content-start gap-x-6 gap-y-8 px-4 pb-12 min-[560px]:grid-cols-2 min-[560px]:gap-y-10 min-[900px]:grid-cols-5">
        <h1 className="sr-only">Everything we sell</h1>
        {products.map((product) => (
          <Good
            key={product.sku}
            product={product}
            most={most}
            count={counts[product.sku] ?? 0}
            onCount={(count) => setCounts({ ...counts, [product.sku]: count })}
          />
        ))}
      </main>
      <div className="sticky bottom-0 border-t bg-surface">
        <div className="mx-auto flex max-w-260 items-center justify-between gap-4 px-4 py-3">
          <p aria-live="polite">
            <span className="block text-13 text-ink-muted">{pieces === 1 ? '1 item' : `${pieces} items`}</span>
            <span className="text-20 font-semibold">{euros(total)}</span>
          </p>
          <Button type="submit" look="primary" size="lg" busy={leaving} disabled={pieces === 0}>
            Check out
          </Button>
        </div>
      </div>
    </form>
  );
}

interface GoodProps {
  product: Product;
  count: number;
  most: number;
  onCount: (count: number) => void;
}

function Good({ product: { sku, name, description, price }, count, most, onCount }: GoodProps) {
  const set = (next: number) => onCount(Math.max(0, Math.min(most, next)));
  return (
    <section
      aria-label={name}
      className="grid grid-cols-[112px_1fr] content-start gap-x-4 gap-y-3 min-[560px]:grid-cols-1"
    >
      <div className="row-span-2 min-[560px]:row-span-1">
        <Drawing sku={sku} />
      </div>
      <div>
        <div className="flex items-baseline justify-between gap-3">
          <h2 className="text-16 font-semibold">{name}</h2>
          <span>{euros(price)}</span>
        </div>
        <p className="text-14 text-ink-muted">{description}</p>
      </div>
      <div className="flex h-11 items-stretch self-end justify-self-start rounded-control border border-line-strong">
        <Step label={`One ${name} less`} disabled={count === 0} onClick={() => set(count - 1)}>
          <Minus size={16} aria-hidden="true" />
        </Step>
        <input
          type="number"
          inputMode="numeric"
          name={sku}
          min={0}
          max={most}
          aria-label={`How many of ${name}`}
          value={count}
          onChange={({ target }) => set(Number.parseInt(target.value, 10) || 0)}
          className="w-12 bg-transparent text-center tabular-nums [appearance:textfield] [&::-webkit-inner-spin-button]:appearance-none"
        />
        <Step label={`One ${name} more`} disabled={count === most} onClick={() => set(count + 1)}>
          <Plus size={16} aria-hidden="true" />
        </Step>
      </div>
    </section>
  );
}

function Step({
  label,
  disabled,
  onClick,
  children,
}: {
  label: string;
  disabled: boolean;
  onClick: () => void;
  children: React.ReactNode;
}) {
  return (
    <button
      type="button"
      aria-label={label}
      disabled={disabled}
      onClick={onClick}
      className="grid w-11 place-items-center rounded-control text-ink hover:bg-ink/5 disabled:text-ink-muted"
    >
      {children}
    </button>
  );
}
