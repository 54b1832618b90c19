import { lines, type Mistake, words } from '../mistake.ts';
import { withoutWalls } from './walls.ts';

const process = 'server/webhooks/process.ts';
const store = 'server/webhooks/core/store.ts';

export const inIdempotency: readonly Mistake[] = [
  {
    name: 'key-after-the-intent',
    room: 'idempotency',
    says: words(
      'The key of a new intent is claimed after its commit: of two equal requests at once each makes an',
      'intent, and the merchant is told of two.',
    ),
    edits: [
      {
        file: 'server/payments/create.ts',
        find: "  const payment = await room.commit(change.claimed(input.claim, { kind: 'intent', id: intent.id }));",
        replace: lines(
          '  const payment = await room.commit(change);',
          '  const { claim } = input;',
          "  const claiming = { kind: 'intent', id: intent.id };",
          '  if (claim)',
          '    await room',
          "      .transact('payments.commit', (tx) => claimAlone(tx, claim, claiming, room.clock.now()))",
          '      .catch(() => {});',
        ),
      },
      {
        file: 'server/payments/create.ts',
        find: "import { formatMoney, largestAmount } from '#server/kernel/money.ts';",
        replace: lines(
          "import { claimAlone } from '#server/idempotency/keys.ts';",
          "import { formatMoney, largestAmount } from '#server/kernel/money.ts';",
        ),
      },
    ],
    breaks: ['I8'],
  },
  {
    name: 'print-without-expand',
    room: 'idempotency',
    says: words(
      'What only shapes the answer is left out of a request’s fingerprint: a key that comes again with',
      'another body is answered with the first one’s answer.',
    ),
    edits: [
      {
        file: 'server/api/idempotency.ts',
        find: `  return sha256(\`\${method} \${path}\\n\${canonical(sent)}\`);`,
        replace: lines(
          '  const { expand: _, ...asked } = sent;',
          `  return sha256(\`\${method} \${path}\\n\${canonical(asked)}\`);`,
        ),
      },
    ],
    breaks: ['I8'],
  },
];

export const inWebhooks: readonly Mistake[] = [
  {
    name: 'late-webhook-writes-blindly',
    room: 'webhooks',
    variantOf: 'webhook writes blindly',
    says: words(
      'Copies of webhooks are known by their time alone: one that comes two seconds after the end of its operation is',
      'written as though its payment still waited for it, and captured goes back to authorised;',
      'the walls "one path" and "stays closed" are taken down, which would stop it.',
    ),
    edits: [
      {
        file: 'server/payments/record.ts',
        find: '    const payment = known ?? (await room.load.payment(merchantId, id)).payment;',
        replace: lines(
          '    const loaded = known ?? (await room.load.payment(merchantId, id)).payment;',
          '    const payment = asItWaited(loaded, of, room.clock.now());',
        ),
      },
      {
        file: 'server/payments/record.ts',
        find: '/** What is said of the request and not of the money',
        replace: lines(
          "type Of = { operationId: string; cause?: Report['cause'] };",
          '',
          'function asItWaited(payment: Payment, { operationId, cause }: Of, now: Date): Payment {',
          '  const told = payment.operations.find(({ id }) => id === operationId);',
          "  if (cause !== 'webhook' || !told?.closedAt || told.kind === 'refund') return payment;",
          '  if (now.getTime() - told.closedAt.getTime() < 2_000) return payment;',
          "  const states = { authorize: 'risk_checked', capture: 'capture_pending', void: 'authorized' } as const;",
          '  const { [told.kind as keyof typeof states]: state = payment.state } = states;',
          "  const waiting = { ...told, status: 'open' as const, closedAt: null };",
          '  const operations = payment.operations.map((one) => (one.id === told.id ? waiting : one));',
          '  return { ...payment, state, operations };',
          '}',
          '',
          '/** What is said of the request and not of the money',
        ),
      },
      ...withoutWalls,
    ],
    breaks: ['I4', 'I5', 'I7'],
  },
  {
    name: 'failed-hearing-is-known',
    room: 'webhooks',
    says: words(
      'A webhook that payments could not take in just then counts as known:',
      'a chargeback that is told while the database is away is never booked.',
    ),
    edits: [
      {
        file: process,
        find: "    const hearing = await payments.hear({ provider, cause: 'webhook', say: readSay(say) });",
        replace: lines(
          "    const gone = { kind: 'known', paymentId: null, merchantId: null } as const;",
          "    const hearing = await payments.hear({ provider, cause: 'webhook', say: readSay(say) }).catch(() => gone);",
        ),
      },
    ],
    breaks: ['I7', 'I2'],
  },
  {
    name: 'left-webhook-is-left',
    room: 'webhooks',
    says: 'The worker takes up only what it has taken up before: a webhook whose receiver died is never dealt with.',
    edits: [
      {
        file: store,
        find: `WHERE status = 'received' AND leased_until <= \${now}`,
        replace: `WHERE status = 'received' AND tries > 0 AND leased_until <= \${now}`,
      },
    ],
    breaks: ['I11'],
  },
];
