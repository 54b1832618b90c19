import { lines, type Mistake, words } from '../mistake.ts';

const ask = 'server/payments/ask.ts';
const confirm = 'server/payments/confirm.ts';
const refund = 'server/payments/refund.ts';
const record = 'server/payments/record.ts';
const tables = 'db/migrations/florin/0000_tables.sql';
export const guards = 'db/migrations/florin/0001_guards.sql';

const notFoundIsFinal = '  return asked.getTime() > sure + clockSkew;';

/** Takes down the walls behind the compare-and-swap: that a log is one path, and that what is closed stays closed. */
export const withoutWalls = [
  {
    file: guards,
    find: lines(
      '  WHERE p.id IS NULL OR p.merchant_id <> e.merchant_id OR p.version < e.seq',
      '     OR (e.seq > 1 AND before.to_state IS DISTINCT FROM e.from_state)',
    ),
    replace: '  WHERE p.id IS NULL OR p.merchant_id <> e.merchant_id OR p.version < e.seq',
  },
  {
    file: guards,
    find: 'FROM was o WHERE o.closed_at IS NOT NULL LIMIT 1;',
    replace: 'FROM was o WHERE false LIMIT 1;',
  },
];

/** Decides on the payment as it was read before, and stamps the change with the version that is found now. */
export const stampedAnew = (cause: 'inquiry' | 'webhook') => ({
  file: record,
  find: '    const payment = known ?? (await loadPayment(room.sql, merchantId, id)).payment;',
  replace: lines(
    '    const now = (await loadPayment(room.sql, merchantId, id)).payment;',
    `    const payment = of.cause === '${cause}' ? { ...of.payment, version: now.version } : (known ?? now);`,
  ),
});

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
    name: 'sweep-without-compare-and-set',
    room: 'payments verbs',
    variantOf: 'reconciler reads, then writes without compare-and-set',
    says: words(
      'The sweep decides on the payment as it was before it asked and writes over whatever has happened',
      'since; the walls "one path" and "stays closed" are taken down, which would stop most of it.',
    ),
    edits: [stampedAnew('inquiry'), ...withoutWalls],
    breaks: ['I4', 'I5', 'I7'],
  },
  {
    name: 'refund-checked-before-its-turn',
    room: 'payments verbs',
    variantOf: 'refund: check then act',
    says: words(
      'A refund is checked, and then waits for its turn: two of 60 on 100 both pass; the wall of the sum is',
      'taken down, and the acquirers do not police it either, as many do not.',
    ),
    edits: [
      {
        file: refund,
        find: '  const begin = () => room.again(input.paymentId, () => open(room, caller, input));',
        replace: lines(
          '  const begin = async () => {',
          '    const { change } = await decided(room, caller, input);',
          '    const amount = change.opened[0]?.amount;',
          '    return room.again(input.paymentId, () => open(room, caller, { ...input, amount }));',
          '  };',
        ),
      },
      {
        file: refund,
        find: "payment: await room.commit(change.claimed(input.claim, { kind: 'refund', id: operation.id })), operation };\n",
        replace: 'payment, operation, change };\n',
      },
      {
        file: refund,
        find: 'async function open(room: Room, caller: Caller, input: RefundInput) {',
        replace: lines(
          'async function open(room: Room, caller: Caller, input: RefundInput) {',
          '  const { payment, operation } = await decided(room, caller, input, false);',
          "  const change = new Change(payment, { cause: 'refund', actor: actorOf(caller) })",
          "    .fact('operation_opened', { ...about(operation), data: { reason: operation.reason } })",
          '    .set({ refundReserved: payment.refundReserved + operation.amount })',
          '    .open(operation);',
          "  const subject = { kind: 'refund', id: operation.id };",
          '  return { payment: await room.commit(change.claimed(input.claim, subject)), operation };',
          '}',
          '',
          'async function decided(room: Room, caller: Caller, input: RefundInput, check = true) {',
        ),
      },
      {
        file: refund,
        find: "  const change = decideRefund(payment, operation, { cause: 'refund', actor: actorOf(caller) });",
        replace: lines(
          "  const because = { cause: 'refund', actor: actorOf(caller) };",
          '  const change = check ? decideRefund(payment, operation, because) : new Change(payment, because);',
        ),
      },
      {
        file: refund,
        find: "import { decideRefund } from './core/decide.ts';",
        replace: "import { about, Change } from './core/change.ts';\nimport { decideRefund } from './core/decide.ts';",
      },
      {
        file: tables,
        find: 'CHECK ("payments"."refunded" + "payments"."refund_reserved" <= "payments"."captured")',
        replace: 'CHECK ("payments"."refunded" >= 0)',
      },
      {
        file: 'server/sandbox/core/decide.ts',
        find: `  if (ask.amount > left) return refused(entry, 'amount_too_large', \`Only \${left} of the capture`,
        replace: `  if (ask.amount < 0) return refused(entry, 'amount_too_large', \`Only \${left} of the capture`,
      },
    ],
    breaks: ['I2'],
  },
  {
    name: 'refund-not-found-is-final',
    room: 'payments verbs',
    says: words(
      'A refund that the provider does not know yet gives its reserve back and is told as failed: it',
      'arrives, and the merchant has paid without knowing.',
    ),
    edits: [
      {
        file: ask,
        find: notFoundIsFinal,
        replace: `  return operation.kind === 'refund' || ${notFoundIsFinal.slice(9)}`,
      },
    ],
    breaks: ['I2', 'I7', 'I9'],
  },
  {
    name: 'capture-asked-anew-at-once',
    room: 'payments verbs',
    says: words(
      'A capture that the provider does not know yet is asked for anew under another key instead of sent',
      'again under its own: the first arrives, the second is refused, and what was sold is given back.',
    ),
    edits: [
      {
        file: ask,
        find: notFoundIsFinal,
        replace: `  return operation.kind === 'capture' || ${notFoundIsFinal.slice(9)}`,
      },
    ],
    breaks: ['I3', 'I7', 'I11'],
  },
];
