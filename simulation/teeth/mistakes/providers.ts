import { lines, type Mistake, words } from '../mistake.ts';

const providers = 'server/providers/providers.ts';
const answer = 'server/providers/sandbox/answer.ts';

export const inProviders: readonly Mistake[] = [
  {
    name: 'error-is-not-taken',
    room: 'providers',
    says: 'A provider’s 500 counts as "nothing was done": a charge that it did make is made again elsewhere.',
    edits: [
      {
        file: providers,
        find: 'const turnedAway = [401, 403, 429];',
        replace: 'const turnedAway = [401, 403, 429, 500];',
      },
    ],
    breaks: ['I1', 'I7', 'I9'],
  },
  {
    name: 'deadline-is-not-sent',
    room: 'providers',
    says: words(
      'What has no answer by its deadline counts as never sent: a slow provider’s charge is made again at',
      'the next one.',
    ),
    edits: [
      {
        file: 'server/providers/resilience/line.ts',
        find: "resolve(stage === 'left' ? { kind: 'silent', why: 'deadline', milliseconds: deadline } : crowded);",
        replace: 'resolve(crowded);',
      },
    ],
    breaks: ['I1', 'I7', 'I9'],
  },
];

export const inConnector: readonly Mistake[] = [
  {
    name: 'unreadable-is-a-no',
    room: 'sandbox connector',
    says: 'An answer that cannot be read is a decline: the shopper is told no for what was charged.',
    edits: [
      {
        file: answer,
        find: `  return unknown(\`status \${answer.status} without a decision that can be read\`, exchange);`,
        replace: lines(
          '  if (answer.status < 500) return notUnderstood(exchange);',
          `  return unknown(\`status \${answer.status} without a decision that can be read\`, exchange);`,
        ),
      },
    ],
    breaks: ['I1', 'I7', 'I9'],
  },
  {
    name: 'amount-not-compared',
    room: 'sandbox connector',
    says: words(
      'The amount in an answer is not held against what was asked: a refund is booked with what the',
      'provider has mistyped.',
    ),
    edits: [{ file: answer, find: "    ['amount', order.amount, BigInt(told.amount)],\n", replace: '' }],
    breaks: ['I5', 'I7', 'I2'],
  },
];
