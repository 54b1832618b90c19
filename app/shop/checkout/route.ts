import { createHash } from 'node:crypto';
import Stripe from 'stripe';
import { type Basket, basketQuery, catalogue, readBasket } from '../catalogue.ts';
import { florin, shopOrigin } from '../florin.ts';

/** The random value that the shop drew for the form: nobody but who was shown that form knows it. */
const drawn = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Opens a checkout for what is in the basket, at our own prices, and sends the shopper there. */
export async function POST(request: Request): Promise<Response> {
  const origin = shopOrigin();
  if (request.headers.get('origin') !== origin) {
    return new Response('Only the shop itself may open a checkout.', { status: 403 });
  }
  const form = await request.formData().catch(() => undefined);
  if (!form) return new Response('Send the form of the shop.', { status: 400 });
  const basket = readBasket((sku) => form.get(sku)?.toString());
  const press = form.get('press')?.toString() ?? '';
  if (Object.keys(basket).length === 0 || !drawn.test(press)) return seeOther(`${origin}/shop?empty=1`);
  try {
    return seeOther(await openCheckout({ origin, press, basket }));
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error;
    return seeOther(`${origin}/shop?${basketQuery(basket)}&problem=1`);
  }
}

interface Wish {
  origin: string;
  press: string;
  basket: Basket;
}

async function openCheckout({ origin, press, basket }: Wish): Promise<string> {
  const order = orderNumber(press);
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
    // The same form with the same basket is the same checkout, however often the button is pressed. Never the order's
    // number: many get to see it, and the answer to this key is where that order is paid.
    { idempotencyKey: `${press}:${basketQuery(basket)}` },
  );
  return session.url ?? `${origin}/shop/thanks?session_id=${session.id}`;
}

const letters = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** "HG-7KQ2MA": the same for each press of one form, and no way back to what was drawn for it. */
function orderNumber(press: string): string {
  const digest = createHash('sha256').update(press).digest();
  return `HG-${Array.from(digest.subarray(0, 6), (byte) => letters[byte % letters.length]).join('')}`;
}

function seeOther(location: string): Response {
  return new Response(null, { status: 303, headers: { location } });
}
