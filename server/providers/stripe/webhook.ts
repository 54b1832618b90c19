import Stripe from 'stripe';
import { z } from 'zod';
import type { Secret } from '#server/kernel/secret.ts';
import type { Order, RawWebhook, ReadWebhook, Say } from '../contract.ts';
import type { Exchange, Outcome } from '../outcome.ts';
import { authorizationOf, captureOf, ofOurCancel, voidOf } from './intent.ts';
import { disputeForm, type Intent, intentForm, refundForm, shownOf } from './objects.ts';
import { refundOutcome } from './refund-outcome.ts';
import { fromUnits } from './units.ts';

/** Milliseconds by which a signature may be older, or younger, than now. */
const tolerance = 5 * 60_000;

const eventForm = z.object({
  id: z.string().regex(/^[\w-]{1,120}$/),
  type: z.string(),
  data: z.object({ object: z.unknown() }),
  request: z
    .object({ idempotency_key: z.string().nullish().catch(undefined) })
    .nullish()
    .catch(undefined),
});

type Event = z.output<typeof eventForm>;

/**
 * Verifies what came with the official client and reads it. The client's own window looks back alone; ours looks both
 * ways, for a stamp far ahead of time would be good for replays until then.
 */
export function readWebhook(
  { headers, body }: RawWebhook,
  { secrets, now }: { secrets: readonly Secret<string>[]; now: Date },
): ReadWebhook {
  const header = headers['stripe-signature'];
  if (!header) return { kind: 'rejected', fault: 'signature_missing' };
  const seconds = /^t=(\d{1,12}),/.exec(header)?.[1];
  if (seconds === undefined || !secrets.some((secret) => isSigned(body, header, secret))) {
    return { kind: 'rejected', fault: 'signature_wrong' };
  }
  const signedAt = new Date(Number(seconds) * 1000);
  const age = now.getTime() - signedAt.getTime();
  if (age > tolerance) return { kind: 'rejected', fault: 'too_old' };
  if (age < -tolerance) return { kind: 'rejected', fault: 'in_future' };
  const event = eventForm.safeParse(parsed(body));
  if (!event.success) return { kind: 'rejected', fault: 'malformed' };
  return { kind: 'verified', eventId: event.data.id, signedAt, say: sayOf(event.data) };
}

/** The scheme `v1`, compared in constant time; the client is told of no clock, so that it leaves the time to us. */
function isSigned(body: Buffer, header: string, secret: Secret<string>): boolean {
  // One stamp alone: of two, the client would take the last.
  if (header.split(',').filter((part) => part.startsWith('t=')).length !== 1) return false;
  try {
    return Stripe.webhooks.signature?.verifyHeader(body, header, secret.reveal(), 0) ?? false;
  } catch {
    return false;
  }
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

function sayOf(event: Event): Say | undefined {
  const { object } = event.data;
  const answer = shownOf(object);
  const exchange: Exchange = { milliseconds: 0, ...(answer && { answer }) };
  if (event.type.startsWith('payment_intent.')) return ofIntent(event, intentForm.safeParse(object).data, exchange);
  // Every change of a refund is told under one of these names, some under several.
  if (event.type.startsWith('refund.') || event.type === 'charge.refund.updated') return ofRefund(event, exchange);
  return event.type === 'charge.dispute.created' ? ofDispute(object, exchange) : undefined;
}

function ofIntent(event: Event, intent: Intent | undefined, exchange: Exchange): Say | undefined {
  if (!intent) return undefined;
  const { florin_key: authorize, florin_capture: capture } = intent.metadata;
  switch (event.type) {
    case 'payment_intent.amount_capturable_updated':
    case 'payment_intent.payment_failed':
    case 'payment_intent.processing':
    case 'payment_intent.requires_action':
      return told(authorize, 'authorize', authorizationOf(intent, exchange));
    case 'payment_intent.succeeded':
      return told(capture, 'capture', captureOf(intent, exchange));
    case 'payment_intent.canceled':
      return ofEnd(event, intent, exchange);
    default:
      return undefined;
  }
}

/**
 * A void; or, of what was never authorised, the end of that. Our own cancel has the last word in its answer, which is
 * asked for until it comes: heard here as well, the same end would read in two ways.
 */
function ofEnd({ request }: Event, intent: Intent, exchange: Exchange): Say | undefined {
  const by = request?.idempotency_key;
  if (isOurs(by) && intent.cancellation_reason === ofOurCancel) return undefined;
  if (intent.latest_charge) return told(by, 'void', voidOf(intent, exchange));
  return told(intent.metadata.florin_key, 'authorize', authorizationOf(intent, exchange));
}

/** Releases of what was never captured look like refunds, and move no money that was ours. */
const releases = ['expired_uncaptured_charge', 'partial_capture'];

function ofRefund(event: Event, exchange: Exchange): Say | undefined {
  const refund = refundForm.safeParse(event.data.object).data;
  if (!refund || releases.includes(refund.reason ?? '')) return undefined;
  const outcome = refundOutcome(refund, exchange);
  const ours = told(refund.metadata.florin_key, 'refund', outcome);
  if (ours || outcome.kind !== 'accepted') return ours;
  const { amount, currency } = outcome;
  return { about: 'foreign_refund', refundRef: refund.id, captureRef: refund.charge, amount, currency, exchange };
}

function ofDispute(object: unknown, exchange: Exchange): Say | undefined {
  const dispute = disputeForm.safeParse(object).data;
  // A warning is a question from the bank, and what was prevented is none any more: no money has moved.
  if (!dispute || dispute.status.startsWith('warning_') || dispute.status === 'prevented') return undefined;
  const money = fromUnits(dispute.amount, dispute.currency);
  return money && { about: 'chargeback', chargebackRef: dispute.id, captureRef: dispute.charge, ...money, exchange };
}

/** About an operation, where the key is one of ours. */
function told(
  key: string | null | undefined,
  kind: Exclude<Order['kind'], 'cancel'>,
  outcome: Outcome,
): Say | undefined {
  return isOurs(key) ? { about: 'operation', key, kind, outcome } : undefined;
}

function isOurs(key: string | null | undefined): key is string {
  return /^[0-9a-f-]{36}-\d{1,4}$/.test(key ?? '');
}
