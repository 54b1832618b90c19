import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '#server/providers/outcome.ts';
import { readInquiry, readSent } from '#server/providers/sandbox/answer.ts';
import { words as sandboxWords } from '#server/providers/sandbox/codes.ts';
import { readIntent } from '#server/providers/stripe/answer.ts';
import { words as stripeWords } from '#server/providers/stripe/codes.ts';
import { authorizationOf } from '#server/providers/stripe/intent.ts';
import { order } from '#server/providers/testing/scene.ts';
import { sandboxVerdict, stripeVerdict } from './core/verdict.ts';

const asked = order('authorize');
const unheardOf = 'a_word_of_next_year';
const read = {
  sandbox: (status: number, body: unknown) => readSent(asked, { status, body, milliseconds: 1 }),
  stripe: (status: number, body: unknown) => readIntent(asked, { status, body, milliseconds: 1 }, authorizationOf),
};

/** What payments does with an outcome, in the vault's word. */
function verdictOf(outcome: Outcome): string {
  if (outcome.kind === 'refused') return outcome.retryable ? 'troubled' : 'declined';
  return outcome.kind;
}

test('what the vault takes for trouble with a sandbox is what payments asks another provider for', () => {
  const decided = { id: 'auth_1', kind: 'authorization', authorization_id: 'auth_1', amount: 1250, currency: 'EUR' };
  const seen = new Set<string>();
  for (const code of [...sandboxWords, unheardOf, undefined]) {
    for (const [status, said] of [
      [402, 'declined'],
      [422, 'refused'],
    ] as const) {
      const body = { ...decided, status: said, code };
      const verdict = sandboxVerdict(status, body);
      assert.equal(verdict, verdictOf(read.sandbox(status, body)), `${code}`);
      assert.equal(sandboxVerdict(200, body), verdictOf(readInquiry(asked, { status: 200, body, milliseconds: 1 })));
      seen.add(verdict);
    }
  }
  assert.deepEqual([...seen].sort(), ['declined', 'troubled']);
  assert.equal(sandboxVerdict(400, {}), verdictOf(read.sandbox(400, {})));
});

test('what the vault takes for trouble with Stripe is what payments asks another provider for', () => {
  const intent = { object: 'payment_intent', id: 'pi_1', amount: 1250, amount_capturable: 0, amount_received: 0 };
  const seen = new Set<string>();
  for (const word of [...stripeWords, unheardOf, undefined]) {
    for (const failure of [{ code: word }, { code: 'card_declined', decline_code: word }]) {
      const failed = { ...intent, currency: 'eur', last_payment_error: failure };
      for (const [status, body] of [
        [402, { error: { type: 'card_error', ...failure } }],
        [200, { ...failed, status: 'requires_payment_method' }],
        [200, { ...failed, status: 'canceled' }],
      ] as const) {
        const verdict = stripeVerdict(status, body);
        assert.equal(verdict, verdictOf(read.stripe(status, body)), `${status} ${JSON.stringify(failure)}`);
        seen.add(verdict);
      }
    }
  }
  assert.deepEqual([...seen].sort(), ['declined', 'troubled']);
});

test('a request that Stripe could not fulfil ends the code for every word that payments takes as final', () => {
  for (const code of [...stripeWords, 'parameter_missing', undefined]) {
    const body = { error: { type: 'invalid_request_error', code } };
    assert.equal(stripeVerdict(400, body), verdictOf(read.stripe(400, body)), `${code}`);
  }
});
