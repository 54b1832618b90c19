import type { Merchant, Request } from '../world/world.ts';

/** A request that changes something: the same, byte for byte, however often and wherever it is sent. */
export interface Ask {
  /** For traces: `capture 600`. */
  what: string;
  path: string;
  key: string;
  fields: Record<string, string>;
}

/** As the official client libraries write it: a form, a bearer key and an idempotency key. */
export function written({ path, key, fields }: Ask, merchant: Merchant): Request {
  return {
    method: 'POST',
    url: `/v1/${path}`,
    headers: {
      authorization: `Bearer ${merchant.key}`,
      'content-type': 'application/x-www-form-urlencoded',
      'idempotency-key': key,
    },
    body: new URLSearchParams(fields).toString(),
  };
}

export function reading(path: string, merchant: Merchant): Request {
  return { method: 'GET', url: `/v1/${path}`, headers: { authorization: `Bearer ${merchant.key}` } };
}

/** The same key with another body, that asks for nothing more than a longer answer. */
export function otherwise(ask: Ask): Ask {
  const longer = ask.path === 'refunds' ? 'charge' : 'latest_charge';
  return { ...ask, what: `${ask.what}, in other words`, fields: { ...ask.fields, 'expand[0]': longer } };
}
