import Stripe from 'stripe';

/** Where browsers find the shop. Not from the request: whoever sends one writes its Host as they like. */
export function shopOrigin(): string {
  const { FLORIN_WEB_URL: web } = process.env;
  if (!web) throw new Error('The demo shop needs FLORIN_WEB_URL.');
  return new URL(web).origin;
}

/**
 * The shop is a merchant like any other: it has a secret key and the public API, spoken by the official `stripe` client
 * with another host. Nothing of Florin's own code is used here.
 */
export function florin(): Stripe {
  const { FLORIN_API_URL: api, FLORIN_SHOP_SECRET_KEY: key } = process.env;
  if (!api || !key) throw new Error('The demo shop needs FLORIN_API_URL and FLORIN_SHOP_SECRET_KEY.');
  const { hostname, port, protocol } = new URL(api);
  const secure = protocol === 'https:';
  return new Stripe(key, {
    host: hostname,
    port: port || (secure ? 443 : 80),
    protocol: secure ? 'https' : 'http',
    telemetry: false,
    timeout: 15_000,
  });
}
