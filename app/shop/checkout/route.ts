import Stripe from 'stripe';
import { type Basket, basketQuery, catalogue, readBasket } from '../catalogue.ts';
import { florin } from '../florin.ts';

/** Opens a checkout for what is in the basket, at our own prices, and sends the shopper there. */
export async function POST(request: Request): Promise<Response> {
  const origin = request.headers.get('origin') ?? '';
  if (!URL.canParse(origin) || new URL(origin).host !== request.headers.get('host')) {
    return new Response('Only the shop itself may open a checkout.', { status: 403 });
  }
  const form = await request.formData();
  const basket = readBasket((sku) => form.get(sku)?.toString());
  const order = form.get('order')?.toString() ?? '';
  if (Object.keys(basket).length === 0 || !/^HG-[A-Z0-9]{6}$/.test(order)) return seeOther(`${origin}/shop?empty=1`);
  try {
    return seeOther(await openCheckout({ origin, order, basket }));
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error;
    return seeOther(`${origin}/shop?${basketQuery(basket)}&problem=1`);
  }
}

async function openCheckout({
  origin,
  order,
  basket,
}: {
  origin: string;
  order: string;
  basket: Basket;
}): Promise<string> {
  const session = await florin().checkout.sessions.create(
    {
      mode: 'payment',
      client_reference_id: order,
      line_items: catalogue.flatMap(({ sku, name, description, price }) => {
        const quantity = basket[sku];
        return quantity
          ? [{ quantity, price_data: { currency: 'eur', unit_amount: price, product_data: { name, description } } }]
          : [];
      }),
      success_url: `${origin}/shop/thanks?session_id={CHECKOUT_SESSION_ID}`,
      cancel_url: `${origin}/shop?${basketQuery(basket)}`,
      metadata: { order },
    },
    // The same order with the same basket is the same checkout, however often the button is pressed.
    { idempotencyKey: `${order}:${basketQuery(basket)}` },
  );
  return session.url ?? `${origin}/shop/thanks?session_id=${session.id}`;
}

function seeOther(location: string): Response {
  return new Response(null, { status: 303, headers: { location } });
}
