import Stripe from 'stripe';
import { invariant } from '#server/kernel/invariant.ts';
import type { ProviderRequest } from '../contract.ts';

/** Stands where a key belongs: the real one is known to the vault's egress alone, which sets it. */
const placeholder = 'set_by_the_egress';

/** Never reached: every request is taken from the client before it has a wire to go to. */
const noWire: Stripe.HttpClient = {
  getClientName: () => 'florin',
  makeRequest: () => Promise.reject(new Error('requests to Stripe leave through the egress of the vault')),
};

/** The official client: it knows paths, parameters and how they are written, and reaches nobody. */
const stripe = new Stripe(placeholder, { httpClient: noWire, telemetry: false, maxNetworkRetries: 0 });

/**
 * The request that the official client would send. It hands over each request, whole and before it awaits anything, to
 * be authenticated; there it stays. A body's fields keep the names that they have in the form, such as `card[number]`.
 */
export function written(call: (stripe: Stripe, options: Stripe.RequestOptions) => Promise<unknown>): ProviderRequest {
  const drafts: ProviderRequest[] = [];
  void call(stripe, {
    authenticator({ method, path, body }) {
      const fields = Object.fromEntries(new URLSearchParams(body));
      drafts.push(method === 'GET' ? { method, path } : { method, path, body: fields });
      return new Promise(() => {});
    },
  });
  const [draft] = drafts;
  invariant(draft, 'the official client writes a request before it awaits anything');
  return draft;
}
