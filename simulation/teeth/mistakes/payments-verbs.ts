import { lines, type Mistake, words } from '../mistake.ts';
import { withoutWalls } from './walls.ts';

const ask = 'server/payments/ask.ts';
const confirm = 'server/payments/confirm.ts';
const refund = 'server/payments/refund.ts';
const record = 'server/payments/record.ts';

const notFoundIsFinal = '  return hasPassed(room.clock, { since: sentAt, until, now: asked });';

export const inPaymentsVerbs: readonly Mistake[] = [
  {
    name: 'not-found-is-final',
    room: 'payments verbs',
    variantOf: '"not found" = failed',
    says: words(
      'An authorisation that its provider does not know yet counts as lost: it arrives later and holds the',
      'card of a shopper who was told "failed".',
    ),
    edits: [
      {
        file: ask,
        find: 'if (canGoOn(room, operation) || !isFinal(room, operation, asked)) return',
        replace: 'if (!isFinal(room, operation, asked)) return',
      },
      {
        file: ask,
        find: notFoundIsFinal,
        replace: `  return operation.kind === 'authorize' || ${notFoundIsFinal.slice(9)}`,
      },
    ],
    breaks: ['I9', 'I7', 'I1'],
  },
  {
    name: 'on-without-a-tombstone',
    room: 'payments verbs',
    variantOf: 'cancel without tombstone',
    says: words(
      'What a provider does not know is not blocked there before the next one is asked: it arrives, and two',
      'hold the money.',
    ),
    edits: [
      {
        file: ask,
        find: '  const { keyLifetime, tombstone } = room.providers.capabilities(operation.provider);\n',
        replace: lines(
          '  const { keyLifetime, tombstone } = room.providers.capabilities(operation.provider);',
          "  if (operation.kind === 'authorize') {",
          "    const outcome = { kind: 'not_taken', why: 'not known there', exchange: { milliseconds: 0 } } as const;",
          "    const gone = await record(room, { payment, operationId: operation.id, outcome, cause: 'inquiry' });",
          '    await drive(room, gone.payment, gone.opened);',
          '    return;',
          '  }',
          '',
        ),
      },
    ],
    breaks: ['I1', 'I7'],
  },
  {
    name: 'asked-by-sending-again',
    room: 'payments verbs',
    variantOf: 'resend after the provider forgot the key',
    says: words(
      'What became of an authorisation is found out by sending it again, however old its key: where the key',
      'is forgotten the card is held twice.',
    ),
    edits: [
      {
        file: ask,
        find: "  if (operation.kind === 'cancel') return resend(room, payment, operation);",
        replace: lines(
          "  const isLost = operation.kind === 'authorize' && operation.status === 'open';",
          "  if (operation.kind === 'cancel' || isLost) return resend(room, payment, operation);",
        ),
      },
    ],
    breaks: ['I1'],
  },
  {
    name: 'call-before-the-row',
    room: 'payments verbs',
    variantOf: 'call before writing the intent',
    says: words(
      'The provider is called before the authorisation is written: who dies in between leaves a held card',
      'that no row speaks of.',
    ),
    edits: [
      {
        file: confirm,
        find: "import { draft } from './core/draft.ts';",
        replace: "import { draft, orderOf } from './core/draft.ts';",
      },
      {
        file: confirm,
        find: "import type { Room } from './room.ts';",
        replace: "import { record } from './record.ts';\nimport type { Room } from './room.ts';",
      },
      {
        file: confirm,
        find: lines(
          '  const { intent, payment, authorize } = await asking(room, of, begin);',
          '  return intentView(intent, await drive(room, payment, authorize));',
        ),
        replace: lines(
          '  const { intent, payment, authorize, outcome } = await asking(room, of, begin);',
          '  if (!authorize || !outcome) return intentView(intent, payment);',
          "  const told = { payment, operationId: authorize.id, outcome, cause: 'answer' as const, send: 1 };",
          '  const recorded = await record(room, told);',
          '  return intentView(intent, await drive(room, recorded.payment, recorded.opened));',
        ),
      },
      {
        file: confirm,
        find: '  const committed = await room.commit(',
        replace: lines(
          '  const [authorize] = change.opened;',
          '  const { token, untried } = change.after;',
          '  const outcome =',
          '    authorize &&',
          '    (await room.providers.send(authorize.provider, orderOf(change.after, authorize), {',
          '      request: authorize.request,',
          '      send: 1,',
          '      sendBefore: authorize.sendBefore,',
          '      ...(token && { token, more: untried.length > 0 }),',
          '    }));',
          '  const committed = await room.commit(',
        ),
      },
      {
        file: confirm,
        find: 'payment: committed, authorize: change.opened[0] };',
        replace: 'payment: committed, authorize, outcome };',
      },
    ],
    breaks: ['I6', 'I1'],
  },
  {
    name: 'follow-up-without-compare-and-set',
    room: 'payments verbs',
    variantOf: 'reconciler reads, then writes without compare-and-set',
    says: words(
      'Who has had no answer asks for it five seconds later, and writes what it hears over the payment as it had left it:',
      'captured goes back to authorised; the walls "one path" and "stays closed" are taken down, which would stop it.',
    ),
    edits: [
      {
        file: 'server/payments/core/drive.ts',
        find: '      operation = recorded.opened;\n',
        replace: lines(
          '      operation = recorded.opened;',
          "      if (outcome.kind === 'unknown')",
          '        room.clock.after(5_000, () => void followUp(room, recorded.payment, operationId).catch(() => {}));',
          '',
        ),
      },
      {
        file: 'server/payments/core/drive.ts',
        find: 'function send(room: Room,',
        replace: lines(
          'async function followUp(room: Room, payment: Payment, operationId: string): Promise<void> {',
          '  const operation = payment.operations.find(({ id }) => id === operationId);',
          '  if (!operation) return;',
          '  const outcome = await room.providers.inquire(operation.provider, orderOf(payment, operation));',
          "  if (outcome.kind !== 'accepted') return;",
          "  const told = await record(room, { payment, operationId, outcome, cause: 'settlement' });",
          '  await drive(room, told.payment, told.opened);',
          '}',
          '',
          'function send(room: Room,',
        ),
      },
      {
        file: record,
        find: '    const payment = known ?? (await room.load.payment(merchantId, id)).payment;',
        replace: lines(
          '    const now = (await room.load.payment(merchantId, id)).payment;',
          "    const payment = of.cause === 'settlement' ? { ...of.payment, version: now.version } : (known ?? now);",
        ),
      },
      ...withoutWalls,
    ],
    breaks: ['I4', 'I5', 'I7'],
  },
  {
    name: 'refund-checked-sent-written',
    room: 'payments verbs',
    variantOf: 'refund: check then act',
    says: words(
      'A refund is checked, sent, and only then written down: of three of 60 on 100 all pass the check;',
      'the acquirers do not police the sum in this copy, as many do not.',
    ),
    edits: [
      {
        file: refund,
        find: lines(
          '  const begin = () => room.again(input.paymentId, () => open(room, caller, input));',
          '  const { payment, operation } = await asking(room, of, begin);',
          '  return refundView(await drive(room, payment, operation), operation.id);',
        ),
        replace: lines(
          '  const { payment, operation, outcome } = await asking(room, of, () => open(room, caller, input));',
          "  const report = { payment, operationId: operation.id, outcome, cause: 'answer' as const, send: 1 };",
          '  return refundView((await record(room, report)).payment, operation.id);',
        ),
      },
      {
        file: refund,
        find: lines(
          "  const change = decideRefund(payment, operation, { cause: 'refund', actor: actorOf(caller) });",
          "  return { payment: await room.commit(change.claimed(input.claim, { kind: 'refund', id: operation.id })), operation };",
        ),
        replace: lines(
          "  const because = { cause: 'refund', actor: actorOf(caller) };",
          '  decideRefund(payment, operation, because);',
          '  const { provider, request, sendBefore } = operation;',
          '  const order = orderOf(payment, operation);',
          '  const outcome = await room.providers.send(provider, order, { request, send: 1, sendBefore });',
          '  const written = await room.again(payment.id, async () => {',
          '    const { payment: now } = await room.load.payment(caller.merchantId, payment.id);',
          '    const change = new Change(now, because)',
          "      .fact('operation_opened', { ...about(operation), data: { reason: operation.reason } })",
          '      .set({ refundReserved: now.refundReserved + operation.amount })',
          '      .open(operation);',
          "    return room.commit(change.claimed(input.claim, { kind: 'refund', id: operation.id }));",
          '  });',
          '  return { payment: written, operation, outcome };',
        ),
      },
      {
        file: refund,
        find: "import { decideRefund } from './core/decide.ts';\nimport { draft } from './core/draft.ts';",
        replace: lines(
          "import { about, Change } from './core/change.ts';",
          "import { decideRefund } from './core/decide.ts';",
          "import { draft, orderOf } from './core/draft.ts';",
        ),
      },
      {
        file: refund,
        find: "import type { Room } from './room.ts';",
        replace: "import { record } from './record.ts';\nimport type { Room } from './room.ts';",
      },
      {
        file: 'server/sandbox/core/decide.ts',
        find: `  if (ask.amount > left) return refused(entry, 'amount_too_large', \`Only \${left} of the capture is left to refund`,
        replace: `  if (ask.amount < 0) return refused(entry, 'amount_too_large', \`Only \${left} of the capture is left to refund`,
      },
    ],
    breaks: ['I2', 'I6'],
  },
  {
    name: 'silence-told-as-failed',
    room: 'payments verbs',
    says: words(
      'The shopper whose authorisation has had no answer is told that it failed, while it is still asked about:',
      'they pay once more elsewhere, and this card is charged all the same.',
    ),
    edits: [
      {
        file: confirm,
        find: '  return intentView(intent, await drive(room, payment, authorize));',
        replace: lines(
          '  const after = await drive(room, payment, authorize);',
          "  const isSilent = after.operations.some(({ status, message }) => status === 'open' && message !== null);",
          '  if (!isSilent) return intentView(intent, after);',
          "  return intentView(intent, { ...after, state: 'failed', failureCode: 'processing_error', operations: [] });",
        ),
      },
    ],
    breaks: ['I9', 'I16'],
  },
  {
    name: 'silent-refund-told-as-failed',
    room: 'payments verbs',
    says: words(
      'A refund without an answer is told as failed, while it is still asked about:',
      'the merchant pays the shopper by other means, and the refund arrives as well.',
    ),
    edits: [
      {
        file: refund,
        find: '  return refundView(await drive(room, payment, operation), operation.id);',
        replace: lines(
          '  const view = refundView(await drive(room, payment, operation), operation.id);',
          "  return view.status === 'open' ? { ...view, status: 'refused' } : view;",
        ),
      },
    ],
    breaks: ['I16', 'I9'],
  },
];
