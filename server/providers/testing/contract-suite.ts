import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Order } from '../contract.ts';
import { declineCodes } from '../decline-codes.ts';
import { provesCancels } from './proves-cancels.ts';
import { provesChallenges } from './proves-challenges.ts';
import { provesWebhooks } from './proves-webhooks.ts';
import { accepted, ids, inquire, order, prepared, type Stage, send } from './scene.ts';

const kinds = ['authorize', 'capture', 'void', 'refund'] as const;
type Kind = (typeof kinds)[number];

/**
 * The promises of the contract. Every provider passes all of them, against its own other end or its test system.
 *
 * @param tombstone  Whether it says that it leaves tombstones, and is to prove it.
 */
export function provesContract(title: string, start: () => Promise<Stage>, { tombstone = false } = {}): void {
  describe(title, () => {
    let stage: Stage;
    before(async () => {
      stage = await start();
    });
    afterEach(() => stage.mend());
    after(() => stage.stop());

    const on = () => stage;
    livesOfPayments(on);
    declines(on);
    requests(on);
    readings(on);
    provesChallenges(on);
    if (tombstone) provesCancels(on);
    provesWebhooks(on);
    test('whoever leaves tombstones proves it here; whoever can cancel, by key or a challenge alone, says so', () => {
      const { capabilities, cancel } = stage.provider;
      assert.equal(capabilities.tombstone, tombstone);
      assert.equal(capabilities.cancelsChallenges, cancel !== undefined);
      assert.ok(capabilities.cancelsChallenges || !tombstone);
    });
    for (const kind of kinds) {
      repetitions(on, kind);
      failures(on, kind);
      differences(on, kind);
    }
  });
}

function livesOfPayments(on: () => Stage) {
  test('a payment is authorised, captured in part, and refunded up to the capture', async () => {
    const stage = on();
    const first = order('authorize', { amount: 5000n });
    const { reference } = first;
    const { providerRef: authorizationRef } = await accepted(stage, first);
    const capture = await accepted(stage, order('capture', { reference, authorizationRef, amount: 3000n }));
    assert.ok(capture.fee === undefined || capture.fee > 0n);
    const captured = { reference, authorizationRef, captureRef: capture.providerRef };
    await accepted(stage, order('refund', { ...captured, amount: 1000n }));
    await accepted(stage, order('refund', { ...captured, amount: 2000n }));
    assert.equal((await send(stage, order('refund', { ...captured, amount: 1n }))).kind, 'refused');
    const effects = ['authorization 5000', 'capture 3000', 'refund 1000', 'refund 2000'];
    assert.deepEqual(await stage.effects(reference), effects);
  });

  test('a voided authorisation cannot be captured', async () => {
    const release = await prepared(on(), 'void');
    await accepted(on(), release);
    assert.equal((await send(on(), { ...release, operation: ids(), kind: 'capture' })).kind, 'refused');
  });
}

function declines(on: () => Stage) {
  for (const fate of ['insufficient_funds', 'generic_decline', 'stolen_card', 'processing_error'] as const) {
    test(`${fate} arrives in our words beside the provider's own, and moves nothing`, async () => {
      const asked = order('authorize');
      const outcome = await send(on(), asked, { fate });
      assert.ok(outcome.kind === 'refused');
      assert.equal(outcome.code, fate);
      assert.ok((declineCodes as readonly string[]).includes(outcome.code));
      assert.ok(outcome.providerCode && outcome.message);
      assert.equal(outcome.retryable, fate === 'processing_error');
      assert.deepEqual(await on().effects(asked.reference), []);
      assert.equal((await inquire(on(), asked, 'refused')).kind, 'refused');
    });
  }
}

function requests(on: () => Stage) {
  test('a request is a pure function of its order, survives storage, and holds no card', () => {
    const { provider } = on();
    for (const kind of kinds) {
      const asked = order(kind, { authorizationRef: 'a_1', captureRef: 'c_1' });
      const { request } = provider[kind](asked);
      assert.deepEqual(provider[kind](structuredClone(asked)).request, request);
      assert.deepEqual(JSON.parse(JSON.stringify(request)), request);
      assert.equal(JSON.stringify(request).includes('{{card.number}}'), kind === 'authorize');
    }
    assert.equal(provider.inquire(order('authorize')).request.method, 'GET');
  });
}

function repetitions(on: () => Stage, kind: Kind) {
  test(`${kind}: the same order sent again has the same outcome and one effect`, async () => {
    const asked = await prepared(on(), kind);
    const first = await accepted(on(), asked);
    const effects = await on().effects(asked.reference);
    const again = await send(on(), asked, { send: 2 });
    assert.ok(again.kind === 'accepted');
    assert.equal(again.providerRef, first.providerRef);
    assert.deepEqual(await on().effects(asked.reference), effects);
  });
}

function failures(on: () => Stage, kind: Kind) {
  for (const how of ['lost_after', 'error_after', 'hung'] as const) {
    test(`${kind} ${how}: unknown, until an inquiry finds it accepted`, async () => {
      const asked = await prepared(on(), kind);
      await on().fail(kind, how);
      assert.equal((await send(on(), asked)).kind, 'unknown');
      const found = await inquire(on(), asked, 'accepted');
      assert.ok(found.kind === 'accepted');
      assert.equal(found.amount, asked.amount);
      const again = await send(on(), asked, { send: 2 });
      assert.ok(again.kind === 'accepted');
      assert.equal(again.providerRef, found.providerRef);
    });
  }

  for (const how of ['lost_before', 'error_before'] as const) {
    test(`${kind} ${how}: unknown; an inquiry finds nothing, and the next send is accepted`, async () => {
      const asked = await prepared(on(), kind);
      const before = (await on().effects(asked.reference)).length;
      await on().fail(kind, how);
      assert.equal((await send(on(), asked)).kind, 'unknown');
      assert.equal((await inquire(on(), asked, 'absent')).kind, 'absent');
      assert.equal((await send(on(), asked, { send: 2 })).kind, 'accepted');
      assert.equal((await on().effects(asked.reference)).length, before + 1);
    });
  }
}

function differences(on: () => Stage, kind: Kind) {
  test(`${kind}: an answer about another amount or currency says nothing about our money`, async () => {
    const asked = await prepared(on(), kind);
    await accepted(on(), asked);
    const answer = { ...on().lastAnswer(), milliseconds: 1 };
    const read = (fields: Partial<Order>) =>
      on()
        .provider[kind]({ ...asked, ...fields })
        .read(answer).kind;
    assert.equal(read({}), 'accepted');
    assert.equal(read({ amount: asked.amount + 1n }), 'unknown');
    assert.equal(read({ currency: 'USD' }), 'unknown');
  });
}

function readings(on: () => Stage) {
  test('whatever cannot be read is unknown, to a request as to an inquiry', () => {
    const asked = order('capture', { authorizationRef: 'a_1' });
    const { provider } = on();
    for (const status of [200, 201, 202, 204, 302, 402, 404, 409, 422, 500, 502, 503]) {
      for (const body of ['<html>', '', null, [], {}, { id: 7 }, { status: 'approved' }, 42]) {
        const answer = { status, body, milliseconds: 1 };
        assert.equal(provider.capture(asked).read(answer).kind, 'unknown', JSON.stringify(answer));
        assert.equal(provider.inquire(asked).read(answer).kind, 'unknown', JSON.stringify(answer));
      }
    }
  });

  test('the timeline gets status, time and the answer, and never the card', async () => {
    const { exchange } = await accepted(on(), order('authorize'));
    assert.ok(exchange.status && exchange.milliseconds > 0 && exchange.answer);
    assert.equal(JSON.stringify(exchange).includes(on().card('approve')), false);
  });
}
