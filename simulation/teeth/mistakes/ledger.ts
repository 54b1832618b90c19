import { lines, type Mistake, words } from '../mistake.ts';

const commit = 'server/payments/core/commit.ts';

export const inLedger: readonly Mistake[] = [
  {
    name: 'posted-after-the-commit',
    room: 'ledger',
    variantOf: 'posting in a second transaction',
    says: words(
      'What moved is posted in a transaction of its own, after the state’s: who dies in between leaves',
      'money that no book shows.',
    ),
    edits: [
      {
        file: 'server/payments/core/consequences.ts',
        find: lines(
          `  if (shape.has('postings')) parts.push(sql\`, posted AS (\${appendPostings(sql, rows.postings)})\`);`,
          '',
        ),
        replace: '',
      },
      {
        file: commit,
        find: '      const landed = new Map(all.map(({ n, result }) => [n, result]));',
        replace: lines(
          '      const landed = new Map(all.map(({ n, result }) => [n, result]));',
          "      const done = [...landed].flatMap(([n, result]) => (result === 'done' ? [n] : []));",
          '      const written = (tx: RawSql) =>',
          `        tx\`WITH done AS (SELECT unnest(\${done}::int[]) AS n) \${appendPostings(tx, rows.postings)}\`;`,
          "      if (rows.postings !== '[]') await seams.transact('payments.commit', written).catch(() => {});",
        ),
      },
      {
        file: commit,
        find: "import type { Change } from './change.ts';",
        replace:
          "import { appendPostings } from '#server/ledger/postings.ts';\nimport type { Change } from './change.ts';",
      },
    ],
    breaks: ['I5'],
  },
  {
    name: 'foreign-refund-not-posted',
    room: 'ledger',
    says: words(
      'A refund from the provider’s own console moves the payment and posts nothing: the merchant’s balance',
      'is too high.',
    ),
    edits: [
      {
        file: 'server/payments/core/decide-foreign.ts',
        find: '  return moved.post(postRefund(refund.amount));',
        replace: '  return moved;',
      },
    ],
    breaks: ['I5'],
  },
  {
    name: 'found-out-refund-not-posted',
    room: 'ledger',
    says: words(
      'A refund whose answer was lost is not posted when an inquiry finds it: the merchant’s balance is too',
      'high.',
    ),
    edits: [
      {
        file: 'server/payments/core/decide-outcome.ts',
        find: '        postRefund(amount),\n',
        replace: "        told.because.cause === 'inquiry' ? [] : postRefund(amount),\n",
      },
    ],
    breaks: ['I5'],
  },
];
