import { invariant } from '#server/kernel/invariant.ts';
import { traceHeaders } from '#server/observability/trace.ts';
import type { Parcel } from './parcel.ts';
import { fill, type Json } from './placeholders.ts';
import type { Provider } from './providers.ts';
import type { Request } from './wire.ts';

type Card = Parameters<typeof fill>[1];
type Body = Readonly<Record<string, Json>>;

const contentTypes = { json: 'application/json', form: 'application/x-www-form-urlencoded' } as const;

/** An admitted parcel as it goes over the wire, the card filled in. */
export function writeRequest(parcel: Parcel, { kind, basePath, headers }: Provider, card: Card | undefined): Request {
  const { method, path, body = {}, operation, step, sendBefore } = parcel;
  const posts = method === 'POST';
  return {
    method,
    path: basePath + path,
    sendBefore,
    headers: {
      accept: 'application/json',
      ...(posts && { 'content-type': contentTypes[kind.encoding], 'idempotency-key': `${operation}-${step}` }),
      ...(kind.traced && traceHeaders()),
      ...headers(),
    },
    body: posts ? encode(kind.encoding, card ? filled(body, card) : body) : undefined,
  };
}

function filled(body: Body, card: Card): Body {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, fill(value, card)]));
}

function encode(encoding: 'json' | 'form', body: Body): string {
  if (encoding === 'json') return JSON.stringify(body);
  invariant(isFlat(body), 'a form is flat: what is admitted has no other values');
  return new URLSearchParams(Object.entries(body).map(([name, value]) => [name, String(value)])).toString();
}

/** Whether a body can be a form: names with plain values, each name once. */
export function isFlat(body: Body): boolean {
  return Object.values(body).every((value) => ['string', 'number', 'boolean'].includes(typeof value));
}
