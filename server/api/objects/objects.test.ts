import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SessionView } from '#server/checkout/view.ts';
import { showId } from '#server/kernel/id.ts';
import type { IntentView, OperationView, PaymentView, RefundView } from '#server/payments/view.ts';
import { charge } from './charge.ts';
import { checkoutSession, lineItemList } from './checkout-session.ts';
import { expandedCharge } from './expanded-charge.ts';
import { paymentIntent } from './payment-intent.ts';
import { refund } from './refund.ts';
import type { Asked } from './wire.ts';

// Computed from the type files of the official client: a key that is absent there does not compile for its users.
const required = {
  payment_intent:
    'id object allowed_payment_method_types amount amount_capturable amount_received application application_fee_amount automatic_payment_methods canceled_at cancellation_reason capture_method client_secret confirmation_method created currency customer customer_account description excluded_payment_method_types last_payment_error latest_charge livemode managed_payments metadata next_action on_behalf_of payment_method payment_method_configuration_details payment_method_options payment_method_types payment_record processing receipt_email review setup_future_usage shipping source statement_descriptor statement_descriptor_suffix status transfer_group',
  charge:
    'id object amount amount_captured amount_refunded application application_fee application_fee_amount balance_transaction billing_details calculated_statement_descriptor captured created currency customer description disputed failure_balance_transaction failure_code failure_message fraud_details livemode metadata on_behalf_of outcome paid payment_intent payment_method payment_method_details receipt_email receipt_number receipt_url refunded review shipping source source_transfer statement_descriptor statement_descriptor_suffix status transfer_data transfer_group',
  refund:
    'id object amount balance_transaction charge created currency customer customer_account metadata payment_intent payment_method reason receipt_number source_transfer_reversal status transfer_reversal',
  session:
    'id object adaptive_pricing after_expiration allow_promotion_codes allowed_payment_method_types amount_subtotal amount_total automatic_tax billing_address_collection cancel_url client_reference_id client_secret collected_information consent consent_collection created currency currency_conversion custom_fields custom_text customer customer_account customer_creation customer_details customer_email discounts expires_at integration_identifier invoice invoice_creation livemode locale managed_payments metadata mode origin_context payment_intent payment_link payment_method_collection payment_method_configuration_details payment_method_options payment_method_types payment_status permissions recovered_from saved_payment_method_options setup_intent shipping_address_collection shipping_cost shipping_options status submit_type subscription success_url total_details ui_mode url wallet_options',
  line_item:
    'id object adjustable_quantity amount_discount amount_subtotal amount_tax amount_total currency description metadata price quantity',
};

const id = '019b0000-0000-7000-8000-000000000001';
const at = new Date('2026-11-21T10:00:00.900Z');
const plain: Asked = { livemode: false, expand: new Set() };
const wanting = (...paths: string[]): Asked => ({ livemode: false, expand: new Set(paths) });

function payment(fields: Partial<PaymentView>): PaymentView {
  return {
    id,
    merchantId: id,
    intentId: id,
    attempt: 1,
    state: 'captured',
    version: 6,
    currency: 'EUR',
    amount: 1250n,
    authorized: 1250n,
    captured: 1250n,
    refunded: 0n,
    refundReserved: 0n,
    chargedBack: 0n,
    refundable: 1250n,
    provider: 'alder',
    card: { brand: 'visa', last4: '4242', expMonth: 12, expYear: 2030 },
    failureCode: null,
    failureMessage: null,
    stray: 0n,
    review: null,
    queuedUntil: null,
    challenge: null,
    createdAt: at,
    updatedAt: at,
    operations: [],
    ...fields,
  };
}

function intent(fields: Partial<IntentView>): IntentView {
  return {
    id,
    merchantId: id,
    amount: 1250n,
    currency: 'EUR',
    captureMethod: 'automatic',
    description: 'Mugs',
    reference: null,
    receiptEmail: null,
    metadata: { order: '6735' },
    canceledAt: null,
    cancellationReason: null,
    createdAt: at,
    payment: null,
    ...fields,
  };
}

function operation(fields: Partial<OperationView>): OperationView {
  return {
    id,
    kind: 'capture',
    status: 'open',
    provider: 'alder',
    amount: 1250n,
    openedAt: at,
    closedAt: null,
    providerRef: null,
    code: null,
    message: null,
    reason: null,
    ...fields,
  };
}

const refunded: RefundView = {
  id,
  paymentId: id,
  intentId: id,
  merchantId: id,
  amount: 500n,
  currency: 'EUR',
  status: 'accepted',
  reason: 'requested_by_customer',
  note: null,
  code: null,
  createdAt: at,
};

const session: SessionView = {
  id,
  shownId: 'cs_test_x',
  merchantId: id,
  status: 'open',
  paymentStatus: 'unpaid',
  url: 'http://localhost:3000/checkout/x',
  intentId: null,
  amount: 2500n,
  currency: 'EUR',
  captureMethod: 'automatic',
  lineItems: [{ id, name: 'Mug', description: null, unitAmount: 1250n, quantity: 2, amount: 2500n }],
  successUrl: 'http://localhost:3000/done',
  cancelUrl: null,
  clientReferenceId: null,
  customerEmail: null,
  shopperEmail: null,
  metadata: {},
  createdAt: at,
  expiresAt: at,
};

const keysMissing = (object: object, keys: string) => keys.split(' ').filter((key) => !(key in object));
const undefinedIn = (object: object) => Object.entries(object).filter(([, value]) => value === undefined);

test('every object has every key that the client requires, null where there is nothing to say', () => {
  const paid = intent({ payment: payment({}) });
  const objects: [object, string][] = [
    [paymentIntent(intent({}), plain), required.payment_intent],
    [paymentIntent(paid, plain), required.payment_intent],
    [charge(payment({}), paid, false), required.charge],
    [refund(refunded, plain), required.refund],
    [checkoutSession(session, plain), required.session],
    [lineItemList(session).data[0] ?? {}, required.line_item],
  ];
  for (const [object, keys] of objects) {
    assert.deepEqual(keysMissing(object, keys), []);
    assert.deepEqual(undefinedIn(object), []);
  }
  assert.deepEqual(
    Object.values(required).map((keys) => keys.split(' ').length),
    [42, 42, 17, 59, 12],
  );
});

test('amounts, currency, times and ids have the wire form', () => {
  const shown = paymentIntent(intent({}), plain);
  assert.equal(shown.amount, 1250);
  assert.equal(shown.currency, 'eur');
  assert.equal(shown.created, Date.parse('2026-11-21T10:00:00Z') / 1000);
  assert.equal(shown.id, showId('intent', id));
  assert.equal(refund(refunded, plain).id, showId('refund', id));
});

const statusOf = (fields: Partial<IntentView>) => paymentIntent(intent(fields), plain).status;

test('status: before the first attempt, and after an attempt that ended in nothing, a payment method is required', () => {
  assert.equal(statusOf({}), 'requires_payment_method');
  assert.equal(statusOf({ payment: payment({ state: 'initiated' }) }), 'requires_payment_method');
  assert.equal(statusOf({ payment: payment({ state: 'failed' }) }), 'requires_payment_method');
});

test('status: whatever waits for an answer is processing', () => {
  for (const state of ['payment_method_captured', 'tokenized', 'risk_checked', 'capture_pending'] as const) {
    assert.equal(statusOf({ payment: payment({ state }) }), 'processing');
  }
  assert.equal(statusOf({ payment: payment({ state: 'authorized' }) }), 'processing');
  const releasing = payment({ state: 'authorized', operations: [operation({ kind: 'void' })] });
  assert.equal(statusOf({ captureMethod: 'manual', payment: releasing }), 'processing');
});

test('status: a manual authorisation requires capture, and says how much', () => {
  const held = intent({ captureMethod: 'manual', payment: payment({ state: 'authorized', captured: 0n }) });
  const shown = paymentIntent(held, plain);
  assert.deepEqual([shown.status, shown.amount_capturable, shown.amount_received], ['requires_capture', 1250, 0]);
});

test('status: captured, reconciled and refunded payments have succeeded', () => {
  for (const state of ['captured', 'reconciled', 'refunded'] as const) {
    assert.equal(statusOf({ payment: payment({ state }) }), 'succeeded');
  }
});

test('status: a canceled intent is canceled whatever its payment was, and reasons of our own are automatic', () => {
  const canceled = intent({
    canceledAt: at,
    cancellationReason: 'capture_refused',
    payment: payment({ state: 'voided' }),
  });
  const shown = paymentIntent(canceled, plain);
  assert.deepEqual([shown.status, shown.cancellation_reason], ['canceled', 'automatic']);
  assert.equal(paymentIntent({ ...canceled, cancellationReason: 'duplicate' }, plain).cancellation_reason, 'duplicate');
});

const errorOf = (fields: Partial<PaymentView>) =>
  paymentIntent(intent({ payment: payment(fields) }), plain).last_payment_error;

test('a decline is told with the reason for the merchant and with words that a shopper may read', () => {
  const declined = (failureCode: string) => {
    const error = errorOf({ state: 'failed', failureCode });
    return [error?.code, error?.decline_code, error?.message];
  };
  assert.deepEqual(declined('insufficient_funds'), [
    'card_declined',
    'insufficient_funds',
    'Your card has insufficient funds.',
  ]);
  assert.deepEqual(declined('stolen_card'), ['card_declined', 'stolen_card', 'Your card was declined.']);
  assert.deepEqual(declined('expired_card'), ['expired_card', 'expired_card', 'Your card has expired.']);
  assert.deepEqual(declined('risk_rejected'), ['card_declined', 'fraudulent', 'Your card was declined.']);
});

test('what the vault would not send is a processing error, and no issuer is said to have declined it', () => {
  for (const failureCode of ['token_unusable', 'verification_code_gone']) {
    const fields = { state: 'failed', failureCode, failureMessage: 'The token has expired.' } as const;
    const error = errorOf(fields);
    assert.deepEqual([error?.code, error?.decline_code], ['processing_error', 'processing_error']);
    assert.match(error?.message ?? '', /you were not charged\. Enter your card again\.$/);
    const { outcome, failure_code } = charge(payment(fields), intent({}), false);
    assert.deepEqual(
      [outcome?.type, outcome?.network_status, outcome?.reason, outcome?.seller_message, failure_code],
      ['invalid', 'not_sent_to_network', 'processing_error', 'The token has expired.', 'processing_error'],
    );
  }
});

test('a payment that its merchant or the clock ended is no decline; a refused capture is one', () => {
  assert.equal(errorOf({ state: 'failed', failureCode: 'canceled' }), null);
  assert.equal(errorOf({ state: 'failed', failureCode: 'expired' }), null);
  assert.equal(errorOf({ state: 'voided' }), null);
  const refused = operation({ status: 'refused', code: 'insufficient_funds' });
  assert.equal(errorOf({ state: 'voided', operations: [refused] })?.decline_code, 'insufficient_funds');
});

test('expansions are written out where they are asked for, and named where not', () => {
  const paid = intent({ payment: payment({}) });
  assert.equal(paymentIntent(paid, plain).latest_charge, showId('payment', id));
  const { latest_charge } = paymentIntent(paid, wanting('latest_charge'));
  assert.equal(typeof latest_charge === 'object' && latest_charge?.object, 'charge');
  const whole = { payment: payment({}), intent: paid };
  const deep = expandedCharge(whole, wanting('payment_intent', 'payment_intent.latest_charge')).payment_intent;
  assert.equal(typeof deep === 'object' && typeof deep?.latest_charge === 'object', true);
  assert.equal(typeof refund(refunded, wanting('charge'), whole).charge, 'object');
  assert.equal(checkoutSession(session, plain).line_items, undefined);
  assert.equal(checkoutSession(session, wanting('line_items')).line_items?.data.length, 1);
});

test('a released authorisation reads as refunded in full, a part refund as a part', () => {
  const released = charge(payment({ state: 'voided', captured: 0n }), intent({}), false);
  assert.deepEqual([released.refunded, released.amount_refunded, released.captured], [true, 1250, false]);
  const part = charge(payment({ refunded: 500n }), intent({}), false);
  assert.deepEqual([part.refunded, part.amount_refunded, part.captured], [false, 500, true]);
});

test('a refund is pending until its provider has said yes or no', () => {
  const statusOfRefund = (status: RefundView['status']) => refund({ ...refunded, status }, plain).status;
  assert.equal(statusOfRefund('open'), 'pending');
  assert.equal(statusOfRefund('pending'), 'pending');
  assert.equal(statusOfRefund('accepted'), 'succeeded');
  assert.equal(statusOfRefund('refused'), 'failed');
  assert.equal(statusOfRefund('absent'), 'failed');
});
