import { randomUUID } from 'node:crypto';
import type { Metadata } from 'next';
import { Basket } from '#components/shop/basket.tsx';
import { Shopfront } from '#components/shop/shopfront.tsx';
import { catalogue, mostOfOne, readBasket } from './catalogue.ts';

export const metadata: Metadata = { title: { absolute: 'Harbour Goods' } };

const notices: Readonly<Record<string, string>> = {
  empty: 'Your basket is empty. Take something first.',
  problem: 'The checkout could not be opened. You were not charged. Try again in a moment.',
};

export default async function ShopPage({ searchParams }: PageProps<'/shop'>) {
  const query = await searchParams;
  const asked = readBasket((sku) => query[sku]?.toString());
  const notice = Object.keys(notices).find((name) => name in query);
  return (
    <Shopfront notice={notice && notices[notice]}>
      <Basket
        products={catalogue}
        initial={Object.keys(query).length > 0 ? asked : { mug: 1 }}
        most={mostOfOne}
        press={randomUUID()}
      />
    </Shopfront>
  );
}
