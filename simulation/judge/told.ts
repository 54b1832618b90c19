import type { ClientAnswer } from './evidence.ts';
import { uuidOf } from './shown.ts';

/** Something final that a client was told of money. */
export interface Told {
  of: 'intent' | 'payment' | 'refund';
  /** uuid. */
  id: string;
  said: 'succeeded' | 'authorized' | 'failed' | 'canceled';
  merchant: string;
  client: string;
}

type Said = Pick<Told, 'of' | 'id' | 'said'>;
type Json = Record<string, unknown>;

/** What the answers say that cannot be taken back, each once. "Processing" says nothing yet, nor does silence. */
export function toldBy(answers: readonly ClientAnswer[]): Told[] {
  const told = new Map<string, Told>();
  for (const { body, merchantId: merchant, client } of answers) {
    for (const said of saidIn(parsed(body)))
      told.set([said.of, said.id, said.said, merchant].join(), { ...said, merchant, client });
  }
  return [...told.values()];
}

export function parsed(body: string | null): unknown {
  try {
    return body === null ? null : JSON.parse(body);
  } catch {
    return null;
  }
}

/** In an object of the wire and in all that stands inside it. */
function saidIn(value: unknown): Said[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.values(value).flatMap(saidIn);
  return Array.isArray(value) ? inside : [...saidBy(value as Json), ...inside];
}

function saidBy(json: Json): Said[] {
  switch (json.object) {
    case 'payment_intent':
      return ofIntent(json.id, json.status);
    case 'charge':
      return ofCharge(json);
    case 'refund':
      return json.status === 'succeeded' || json.status === 'failed' ? said('refund', json.id, json.status) : [];
    case 'checkout.session':
      return ofSession(json);
    default:
      // A decline, with the charge that it ended.
      return json.type === 'card_error' ? said('payment', json.charge, 'failed') : [];
  }
}

function ofIntent(id: unknown, status: unknown): Said[] {
  if (status === 'succeeded' || status === 'canceled') return said('intent', id, status);
  return status === 'requires_capture' ? said('intent', id, 'authorized') : [];
}

/** A charge has succeeded once the money is held. */
function ofCharge({ id, status, captured }: Json): Said[] {
  if (status === 'failed') return said('payment', id, 'failed');
  if (status !== 'succeeded') return [];
  return said('payment', id, captured === true ? 'succeeded' : 'authorized');
}

function ofSession({ payment_intent: intent, payment_status, status }: Json): Said[] {
  if (payment_status === 'paid') return said('intent', intent, 'authorized');
  return status === 'expired' ? said('intent', intent, 'canceled') : [];
}

function said(of: Told['of'], text: unknown, what: Told['said']): Said[] {
  const id = typeof text === 'string' ? uuidOf(of, text) : undefined;
  return id === undefined ? [] : [{ of, id, said: what }];
}
