import { lines, type Mistake, words } from '../mistake.ts';

const outcome = 'server/payments/core/decide-outcome.ts';
const decide = 'server/payments/core/decide.ts';
const commit = 'server/payments/core/commit.ts';

/** Where silence is put on record. */
const unanswered = '      return leftOpen(change, operation, outcome.why, { ...detail, told });';

export const inPaymentsCore: readonly Mistake[] = [
  {
    name: 'key-of-the-send',
    room: 'payments core',
    variantOf: 'no provider key',
    says: 'What is sent again has a key of its own instead of its operation’s: the card is held a second time.',
    edits: [
      {
        file: 'server/payments/core/draft.ts',
        find: '    sends: operation.sends + 1,',
        replace: '    sends: operation.sends + 1,\n    step: operation.step + 1,',
      },
    ],
    breaks: ['I1', 'I6', 'I7'],
  },
  {
    name: 'silence-is-a-no',
    room: 'payments core',
    variantOf: 'timeout = failed',
    says: words(
      'An authorisation without an answer counts as declined: the shopper hears "failed" while their card',
      'is held.',
    ),
    edits: [
      {
        file: outcome,
        find: unanswered,
        replace: lines(
          "      if (operation.kind !== 'authorize')",
          '        return leftOpen(change, operation, outcome.why, { ...detail, told });',
          "      close(change, operation, { status: 'refused', code: 'processing_error' }, told);",
          "      return change.move('decline', detail).set({ failureCode: 'processing_error' });",
        ),
      },
    ],
    breaks: ['I9', 'I7', 'I1'],
  },
  {
    name: 'silence-goes-on',
    room: 'payments core',
    variantOf: 'cascade on timeout',
    says: 'After silence the next provider is asked at once: two of them hold the money of one shopper.',
    edits: [
      {
        file: outcome,
        find: unanswered,
        replace: lines(
          "      if (operation.kind !== 'authorize')",
          '        return leftOpen(change, operation, outcome.why, { ...detail, told });',
          "      close(change, operation, { status: 'absent', message: outcome.why }, told);",
          "      return onwardOrQueue(change.fact('operation_absent', detail), operation, told);",
        ),
      },
    ],
    breaks: ['I1', 'I7'],
  },
  {
    name: 'reserve-given-back-on-silence',
    room: 'payments core',
    variantOf: 'refund: reservation released on timeout',
    says: words(
      'A refund without an answer gives its reserve back, and gives it back again when the answer comes:',
      'what is reserved for another refund goes with it, or the answer can never be written.',
    ),
    edits: [
      {
        file: outcome,
        find: unanswered,
        replace: lines(
          "      if (operation.kind === 'refund' && operation.against === null) unreserve(change, operation);",
          unanswered,
        ),
      },
    ],
    breaks: ['I2', 'I7', 'I11'],
  },
  {
    name: 'void-beside-a-silent-capture',
    room: 'payments core',
    variantOf: 'check for capture/void without claim',
    says: words(
      'A void takes a capture that has had no answer for a second for one that never was:',
      'the merchant cancels what is captured there.',
    ),
    edits: [
      {
        file: decide,
        find: 'operationsAtMost, type Payment, refundable, unclosedMove }',
        replace: 'isUnclosed, operationsAtMost, type Payment, refundable, unclosedMove }',
      },
      {
        file: decide,
        find: lines('  refuseUnclosed(payment);', '  return new Change(payment, because)'),
        replace: lines(
          '  const change = new Change(payment, because);',
          '  const late = release.openedAt.getTime() - 1_000;',
          '  const silent = payment.operations.find(',
          "    (one) => one.kind === 'capture' && isUnclosed(one) && one.sentAt.getTime() < late,",
          '  );',
          '  if (!silent) refuseUnclosed(payment);',
          "  else change.touch(silent, { status: 'absent', closedAt: release.openedAt });",
          "  if (silent) change.fact('operation_absent', about(silent));",
          '  return change',
        ),
      },
    ],
    breaks: ['I3', 'I7', 'I11'],
  },
  {
    name: 'turned-away-refund-keeps-its-reserve',
    room: 'payments core',
    says: words(
      'A refund that the provider turned away is closed and its reserve stays: the merchant can never',
      'refund that part.',
    ),
    edits: [{ file: outcome, find: "  if (kind === 'refund') unreserve(change, operation);\n", replace: '' }],
    breaks: ['I2'],
  },
  {
    name: 'skipped-is-done',
    room: 'payments core',
    says: words(
      'A change whose row somebody else held is answered as written: a provider is asked for what no row',
      'speaks of.',
    ),
    edits: [
      { file: commit, find: "  if (result === 'skipped') return true;\n", replace: '' },
      {
        file: commit,
        find: "  if (result === 'done') resolve(",
        replace: "  if (result === 'done' || result === 'skipped') resolve(",
      },
    ],
    breaks: ['I6', 'I7', 'I8'],
  },
];
