import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '#server/kernel/clock.ts';
import { Secret, systemRandom } from '#server/kernel/secret.ts';
import { makeLog } from '#server/observability/log.ts';
import { openInbox } from '#server/observability/testing/inbox.ts';
import type { Order } from '../contract.ts';
import { makeProviders } from '../providers.ts';
import { readProviders } from '../settings.ts';
import { provesContract } from '../testing/contract-suite.ts';
import { directVault } from '../testing/direct-vault.ts';
import { answerChallenge, sandboxSecret, startSandboxProcess } from '../testing/sandbox-process.ts';
import type { Fate, Stage } from '../testing/scene.ts';
import { sandbox } from './sandbox.ts';

const cards: Record<Fate, string> = {
  approve: '4242424242424242',
  insufficient_funds: '4000000000009995',
  generic_decline: '4000000000000002',
  stolen_card: '4000000000009979',
  processing_error: '4000000000000119',
  challenge: '4000002760003184',
  challenge_then_decline: '4000008400001629',
};

const levers = {
  lost_before: { fault: 'lose_before' },
  lost_after: { fault: 'lose_after' },
  error_before: { fault: 'error' },
  error_after: { fault: 'error', after: true },
  hung: { fault: 'hang', after: true, milliseconds: 10_000 },
} as const;

async function stageOf(name: 'alder' | 'birch'): Promise<Stage> {
  const inbox = await openInbox();
  const process = await startSandboxProcess(name, { webhookUrl: inbox.url });
  const { vault, exchanges } = directVault(process);
  const soon = { deadline: 800 };
  const limits = { authorize: soon, capture: soon, void: soon, refund: soon, cancel: soon };
  const fees = { feeBasisPoints: 140, feeFixed: 25 };
  const settings = readProviders(JSON.stringify([{ name, kind: 'sandbox', ...fees, limits }]));
  const log = makeLog('test', { write: () => {} });
  return {
    provider: sandbox(name),
    providers: makeProviders({ vault, clock: systemClock, random: systemRandom, log, settings }),
    card: (fate) => cards[fate],
    // The vault that stands in has no tokens.
    token: (fate) => cards[fate],
    effects: async (reference) =>
      (await process.books(`reference=${reference}`)).map(({ kind, amount }) => `${kind} ${amount}`),
    lastAnswer() {
      const last = exchanges.at(-1);
      assert.ok(last);
      return last;
    },
    async fail(kind, how) {
      await process.pull({ ...levers[how], kind, times: 1 });
    },
    async mend() {
      await process.release();
    },
    async answer(url, answer) {
      await answerChallenge(url, answer === 'confirm' ? 'approve' : 'decline');
    },
    webhook: (key) => inbox.find(({ body }) => JSON.parse(body.toString()).data.key === key),
    secrets: { right: new Secret(sandboxSecret), wrong: new Secret(`whsec_${Buffer.alloc(32, 8).toString('base64')}`) },
    tampered: ({ headers, body }) => [
      { headers: { ...headers, 'webhook-id': 'evt_another' }, body },
      { headers: { ...headers, 'webhook-timestamp': String(Number(headers['webhook-timestamp']) + 1) }, body },
    ],
    async stop() {
      await process.stop();
      await inbox.stop();
    },
  };
}

provesContract('alder', () => stageOf('alder'), { tombstone: true });
provesContract('birch', () => stageOf('birch'));

const order: Order = {
  operation: '0192f0c1-0000-7000-8000-000000000001',
  step: 1,
  kind: 'refund',
  payment: '0192f0c1-0000-7000-8000-000000000002',
  merchantId: '0192f0c1-0000-7000-8000-000000000003',
  intentId: '0192f0c1-0000-7000-8000-000000000004',
  amount: 1250n,
  currency: 'EUR',
  reference: 'ch_1',
  authorizationRef: 'auth_1',
  captureRef: 'cap_1',
};
const truth = {
  id: 'ref_1',
  kind: 'refund',
  status: 'approved',
  amount: 1250,
  currency: 'EUR',
  authorization_id: 'auth_1',
  capture_id: 'cap_1',
};
const read = (body: object, status = 201) => sandbox('alder').refund(order).read({ status, body, milliseconds: 1 });

test('an answer that differs in any fact from what was asked is unknown and says in which', () => {
  assert.equal(read(truth).kind, 'accepted');
  for (const [fact, value] of Object.entries({ kind: 'capture', amount: 1251, currency: 'USD', capture_id: 'cap_2' })) {
    const outcome = read({ ...truth, [fact]: value });
    assert.ok(outcome.kind === 'unknown');
    assert.match(outcome.why, new RegExp(`differs in its ${fact.replace('_id', '')}`));
  }
});

test('a status that contradicts the body, an amount that is none, an id that leads elsewhere: unknown', () => {
  for (const status of [200, 202, 402, 422, 500]) assert.equal(read(truth, status).kind, 'unknown');
  for (const amount of ['1250', 1250.5, -1250, null, 1e21]) assert.equal(read({ ...truth, amount }).kind, 'unknown');
  for (const id of ['', '../voids', 'a/b', 'a b', 7]) assert.equal(read({ ...truth, id }).kind, 'unknown');
});

test('a word that no table knows is a generic decline and stays on record', () => {
  const outcome = read({ ...truth, status: 'declined', code: 'N99', message: 'no' }, 402);
  assert.ok(outcome.kind === 'refused');
  assert.deepEqual([outcome.code, outcome.providerCode, outcome.retryable], ['generic_decline', 'N99', false]);
});

test('no word beside the decision keeps money from being recorded: neither its length nor its type', () => {
  const beside = { message: 'x'.repeat(100_000), code: 'y'.repeat(100_000), authorization_id: 'z'.repeat(100_000) };
  assert.equal(read({ ...truth, ...beside }).kind, 'accepted');
  const outcome = read({ ...truth, message: { en: 'done' }, code: 7, authorization_id: null });
  assert.equal(outcome.kind, 'accepted');
  const { id, kind, status, amount, currency, capture_id } = truth;
  assert.deepEqual(JSON.parse(JSON.stringify(outcome.exchange.answer)), {
    id,
    kind,
    status,
    amount,
    currency,
    capture_id,
  });
});

test('an error of the provider is on record', () => {
  const error = { code: 'already_refunded', message: 'There is nothing left.' };
  assert.deepEqual(read({ error }, 409).exchange.answer, { error });
});

test('the timeline keeps listed fields of the answer alone', () => {
  const outcome = read({ ...truth, card: { number: '4242424242424242' }, echo: '4242424242424242' });
  assert.deepEqual(outcome.exchange, { status: 201, milliseconds: 1, answer: truth });
});

test('only alder promises a tombstone; an acquirer of another name promises what all of them do', () => {
  const promise = (name: string) => [sandbox(name).capabilities.tombstone, sandbox(name).capabilities.inquiryLag];
  assert.deepEqual(
    [promise('alder'), promise('birch'), promise('cedar')],
    [
      [true, 0],
      [false, 1_000],
      [false, 1_000],
    ],
  );
});
