export type Sku = 'mug' | 'cap' | 'tote' | 'lantern' | 'bell';

export interface Product {
  sku: Sku;
  name: string;
  description: string;
  /** In euro cents. */
  price: number;
}

export const catalogue: readonly Product[] = [
  { sku: 'mug', name: 'Enamel mug', description: 'Steel, 35 cl. Survives every deck.', price: 1250 },
  { sku: 'cap', name: 'Watch cap', description: 'Merino wool, knitted in one piece.', price: 2900 },
  { sku: 'tote', name: 'Sailcloth tote', description: 'Cut from sails that have sailed.', price: 2400 },
  { sku: 'lantern', name: 'Storm lantern', description: 'Brass and glass, burns for 20 hours.', price: 4800 },
  { sku: 'bell', name: 'Ship’s bell', description: 'Cast brass. The last one is gone: see what happens.', price: 6500 },
];

/** What the warehouse has run out of, while the shop still sells it: paid for, refused, and refunded by itself. */
export const soldOut: readonly Sku[] = ['bell'];

export const mostOfOne = 20;

export type Basket = Partial<Record<Sku, number>>;

/** Reads how many of each are wanted, from a form or an address; what is no sensible number counts as none. */
export function readBasket(get: (sku: Sku) => string | null | undefined): Basket {
  const wanted = catalogue.map(({ sku }) => [sku, Number(get(sku) ?? 0)] as const);
  return Object.fromEntries(wanted.filter(([, n]) => Number.isInteger(n) && n > 0 && n <= mostOfOne));
}

/** "?mug=1&cap=2": how the shop remembers a basket without a cookie. */
export function basketQuery(basket: Basket): string {
  return new URLSearchParams(Object.entries(basket).map(([sku, n]) => [sku, String(n)])).toString();
}
