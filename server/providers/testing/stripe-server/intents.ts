import { declineOf, isChallenged } from './cards.ts';
import { Fault } from './fault.ts';
import { type Fields, invalid } from './form.ts';
import type { Charge, Failure, Intent, Ledger, Refund } from './ledger.ts';
import type { Tell } from './webhooks.ts';

export interface Desk {
  ledger: Ledger;
  tell: Tell<Intent | Refund>;
  /** Where the shopper finds this server. */
  url: string;
}

const known = [
  'amount',
  'currency',
  'capture_method',
  'confirm',
  'allowed_payment_method_types',
  'payment_method_data',
  'metadata',
  'return_url',
  'error_on_requires_action',
];

/** Creates an intent and confirms it with a card, to be captured later. */
export function create(fields: Fields, key: string, desk: Desk): Intent {
  fields.allow(known);
  const amount = fields.amount('amount');
  if (amount === undefined) throw invalid('Missing required param: amount.', 'parameter_missing', 'amount');
  const currency = fields.required('currency');
  if (!/^[a-z]{3}$/.test(currency)) throw invalid(`Invalid currency: ${currency}`, undefined, 'currency');
  if (fields.text('confirm') !== 'true' || fields.text('capture_method') !== 'manual')
    throw invalid('Not spoken here.');
  const card = fields.marks('payment_method_data');
  const number = card['card][number'] ?? '';
  if (!/^\d{12,19}$/.test(number)) throw invalid('Your card number is incorrect.', 'incorrect_number');
  for (const part of ['card][exp_month', 'card][exp_year', 'card][cvc']) {
    if (!/^\d{1,4}$/.test(card[part] ?? '')) throw invalid(`Missing or malformed: payment_method_data[${part}]`);
  }
  const intent = blank({ id: desk.ledger.id('pi'), created: desk.ledger.now(), amount, currency, fields });
  desk.ledger.hold(intent, { number, last4: number.slice(-4) });
  if (isChallenged(number)) return challenge(intent, { fields, key, desk });
  return authorize(intent, key, desk);
}

interface New {
  id: string;
  created: number;
  amount: number;
  currency: string;
  fields: Fields;
}

function blank({ id, created, amount, currency, fields }: New): Intent {
  return {
    object: 'payment_intent',
    id,
    amount,
    amount_capturable: 0,
    amount_received: 0,
    currency,
    status: 'requires_payment_method',
    created,
    livemode: false,
    metadata: fields.marks('metadata'),
    last_payment_error: null,
    latest_charge: null,
    next_action: null,
    cancellation_reason: null,
    capture_method: 'manual',
  };
}

function challenge(intent: Intent, { fields, key, desk }: { fields: Fields; key: string; desk: Desk }) {
  const returnUrl = fields.text('return_url');
  if (returnUrl === undefined || fields.text('error_on_requires_action') === 'true') {
    const message = 'This transaction requires authentication.';
    throw declined(intent, { type: 'card_error', code: 'authentication_required', message }, { key, desk });
  }
  const redirect = { url: `${desk.url}/challenges/${intent.id}`, return_url: returnUrl };
  Object.assign(intent, {
    status: 'requires_action',
    next_action: { type: 'redirect_to_url', redirect_to_url: redirect },
  } satisfies Partial<Intent>);
  desk.tell('payment_intent.requires_action', intent, key);
  return intent;
}

/** The bank says yes or no. */
export function authorize(intent: Intent, key: string, desk: Desk): Intent {
  const failure = declineOf(desk.ledger.numberOf(intent));
  if (failure) throw declined(intent, failure, { key, desk });
  const { amount } = intent;
  intent.latest_charge = chargeOf(intent, desk);
  Object.assign(intent, { status: 'requires_capture', amount_capturable: amount, next_action: null });
  desk.ledger.write(intent, { kind: 'authorization', id: intent.id, key, amount });
  desk.tell('payment_intent.amount_capturable_updated', intent, key);
  return intent;
}

function chargeOf({ amount }: Intent, { ledger }: Desk): Charge {
  return { object: 'charge', id: ledger.id('ch'), amount, captured: false, refunded: 0, balance_transaction: null };
}

/** Leaves the intent without a card, as after every "no". */
export function declined(intent: Intent, failure: Failure, { key, desk }: { key: string; desk: Desk }): Fault {
  Object.assign(intent, { status: 'requires_payment_method', last_payment_error: failure, next_action: null });
  desk.tell('payment_intent.payment_failed', intent, key);
  return new Fault(402, failure, intent);
}

export function capture(intent: Intent, fields: Fields, { key, desk }: { key: string; desk: Desk }): Intent {
  fields.allow(['amount_to_capture', 'metadata', 'expand']);
  requireStatus(intent, ['requires_capture'], 'captured');
  const amount = fields.amount('amount_to_capture') ?? intent.amount_capturable;
  if (amount > intent.amount_capturable)
    throw invalid('The amount is larger than what can be captured.', 'amount_too_large');
  const { latest_charge: charge, currency } = intent;
  if (!charge) throw invalid('There is nothing to capture.');
  // 1.5 % and 25 minor units, as a European card costs.
  const fee = Math.round(amount * 0.015) + 25;
  charge.captured = true;
  charge.balance_transaction = { object: 'balance_transaction', id: desk.ledger.id('txn'), fee, currency };
  Object.assign(intent, { status: 'succeeded', amount_capturable: 0, amount_received: amount });
  Object.assign(intent.metadata, fields.marks('metadata'));
  desk.ledger.write(intent, { kind: 'capture', id: charge.id, key, amount });
  desk.tell('payment_intent.succeeded', intent, key);
  return intent;
}

export function cancel(intent: Intent, fields: Fields, { key, desk }: { key: string; desk: Desk }): Intent {
  fields.allow(['cancellation_reason']);
  requireStatus(intent, ['requires_capture', 'requires_action', 'requires_payment_method'], 'canceled');
  const held = intent.status === 'requires_capture';
  Object.assign(intent, {
    status: 'canceled',
    amount_capturable: 0,
    next_action: null,
    cancellation_reason: fields.text('cancellation_reason') ?? null,
  });
  if (held) desk.ledger.write(intent, { kind: 'void', id: intent.id, key, amount: intent.amount });
  desk.tell('payment_intent.canceled', intent, key);
  return intent;
}

function requireStatus(intent: Intent, wanted: readonly string[], verb: string): void {
  const { status } = intent;
  if (wanted.includes(status)) return;
  const message = `This PaymentIntent could not be ${verb} because it has a status of ${status}.`;
  throw new Fault(400, { type: 'invalid_request_error', code: 'payment_intent_unexpected_state', message }, intent);
}
