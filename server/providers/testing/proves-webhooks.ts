import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { keyOf, type Order, type RawWebhook, type ReadWebhook } from '../contract.ts';
import { challenged } from './proves-challenges.ts';
import { accepted, order, prepared, type Stage, send } from './scene.ts';

const minute = 60_000;

/** What the provider tells unasked is read as exactly what happened, or not at all. */
export function provesWebhooks(on: () => Stage): void {
  tellings(on);
  describe('a webhook', () => {
    let asked: Order;
    let webhook: RawWebhook;
    before(async () => {
      asked = order('authorize');
      await accepted(on(), asked);
      webhook = await on().webhook(keyOf(asked));
    });
    signatures(on, () => webhook);
    times(on, () => webhook);
  });
}

function tellings(on: () => Stage) {
  for (const kind of ['authorize', 'capture', 'void', 'refund'] as const) {
    test(`an accepted ${kind} is told under our key, as its answer was`, async () => {
      const asked = await prepared(on(), kind);
      const { exchange: _, ...told } = await accepted(on(), asked);
      const { say, eventId, signedAt } = verified(read(on(), await on().webhook(keyOf(asked))));
      assert.ok(say?.about === 'operation' && eventId && Math.abs(signedAt.getTime() - Date.now()) < minute);
      const { exchange, ...outcome } = say.outcome;
      // A fee may be settled later than it is told.
      assert.deepEqual({ ...told, ...outcome }, told);
      assert.deepEqual([say.key, say.kind, outcome.kind], [keyOf(asked), kind, 'accepted']);
      assert.ok(exchange.answer);
    });
  }

  test('a decline is told in our words', async () => {
    const asked = order('authorize');
    await send(on(), asked, { fate: 'insufficient_funds' });
    const { say } = verified(read(on(), await on().webhook(keyOf(asked))));
    assert.ok(say?.about === 'operation' && say.outcome.kind === 'refused');
    assert.deepEqual([say.key, say.outcome.code], [keyOf(asked), 'insufficient_funds']);
  });

  test('the answer to a challenge is told', async () => {
    const { asked, url } = await challenged(on(), 'challenge');
    await on().answer(url, 'confirm');
    const { say } = verified(read(on(), await on().webhook(keyOf(asked))));
    assert.ok(say?.about === 'operation' && say.outcome.kind === 'accepted');
    assert.deepEqual([say.key, say.outcome.amount], [keyOf(asked), asked.amount]);
  });
}

function signatures(on: () => Stage, of: () => RawWebhook) {
  test('it is believed under either of two secrets, and under no other and none', () => {
    const { right, wrong } = on().secrets;
    for (const secrets of [[right], [wrong, right], [right, wrong]]) {
      assert.equal(read(on(), of(), { secrets }).kind, 'verified');
    }
    for (const secrets of [[wrong], [wrong, wrong], []]) {
      assert.equal(faultOf(read(on(), of(), { secrets })), 'signature_wrong');
    }
  });

  test('without its headers it is not signed', () => {
    assert.equal(faultOf(read(on(), { ...of(), headers: {} })), 'signature_missing');
  });

  test('one byte less, more or other, or the same JSON written anew, is signed wrongly', () => {
    const { body, headers } = of();
    const flipped = Buffer.from(body);
    flipped[body.length >> 1] = (flipped[body.length >> 1] ?? 0) ^ 1;
    const anew = Buffer.from(JSON.stringify(JSON.parse(body.toString()), null, 3));
    for (const other of [
      body.subarray(0, -1),
      Buffer.concat([body, Buffer.from(' ')]),
      flipped,
      anew,
      Buffer.alloc(0),
      Buffer.from([0xff, 0xfe, 0]),
    ]) {
      assert.equal(faultOf(read(on(), { headers, body: other })), 'signature_wrong');
    }
  });

  test('another id or time with the same body is signed wrongly', () => {
    const others = on().tampered(of());
    assert.ok(others.length > 0);
    for (const other of others) assert.equal(faultOf(read(on(), other)), 'signature_wrong');
  });
}

function times(on: () => Stage, of: () => RawWebhook) {
  test('five minutes after it was signed it is too old, five before it comes from the future', () => {
    const { signedAt } = verified(read(on(), of()));
    const at = (minutes: number) => read(on(), of(), { now: new Date(signedAt.getTime() + minutes * minute) });
    for (const minutes of [-4.9, 0, 4.9]) assert.equal(at(minutes).kind, 'verified');
    for (const minutes of [5.1, 60, 600_000]) assert.equal(faultOf(at(minutes)), 'too_old');
    for (const minutes of [-5.1, -60, -600_000]) assert.equal(faultOf(at(minutes)), 'in_future');
  });

  test('a right signature is needed before its time is looked at', () => {
    const long = new Date('2040-01-01T00:00:00Z');
    assert.equal(faultOf(read(on(), of(), { secrets: [on().secrets.wrong], now: long })), 'signature_wrong');
  });
}

function read(
  stage: Stage,
  webhook: RawWebhook,
  { secrets = [stage.secrets.right], now = new Date() } = {},
): ReadWebhook {
  return stage.providers.readWebhook(stage.provider.name, webhook, { secrets, now });
}

function verified(told: ReadWebhook) {
  assert.ok(told.kind === 'verified', faultOf(told));
  return told;
}

function faultOf(told: ReadWebhook): string {
  return told.kind === 'rejected' ? told.fault : told.kind;
}
