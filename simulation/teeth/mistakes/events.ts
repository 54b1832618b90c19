import { lines, type Mistake, words } from '../mistake.ts';

const advance = 'server/events/core/advance.ts';
const parked = 'server/events/core/parked.ts';

/** How the one transaction that holds effect and cursor ends. */
const oneTransaction = lines(
  '      await watched(async () => {',
  '        if (free.length > 0) await consumer.effect(tx, free);',
  "        // Also this fails where an effect has swallowed an error of the database's.",
  '        await moveCursor(tx, name, last.place, now);',
  '      });',
  '    }),',
);

export const inEvents: readonly Mistake[] = [
  {
    name: 'cursor-before-effect',
    room: 'events',
    variantOf: 'ack before effect',
    says: words(
      'The cursor moves in a transaction before the effect: what dies in between is never done, and a',
      'merchant’s figures lack it.',
    ),
    edits: [
      {
        file: advance,
        find: oneTransaction,
        replace: lines(
          '      await moveCursor(tx, name, last.place, now);',
          '      return free;',
          '    }).then((free) => {',
          '      if (!free?.length) return;',
          "      return transact('events.consume', (tx) => watched(() => consumer.effect(tx, free)));",
          '    }),',
        ),
      },
    ],
    breaks: ['I10'],
  },
  {
    name: 'cursor-after-effect',
    room: 'events',
    variantOf: 'dedupe row in another transaction than the effect',
    says: words(
      'The cursor moves in a transaction after the effect, under a lease of five seconds: who dies in',
      'between leaves the effect to be done again, and a merchant’s figures count it twice.',
    ),
    edits: [
      {
        file: advance,
        find: '      const place = await takeCursor(tx, name);\n      read =',
        replace: lines(
          '      const leased = await tx`',
          `        SELECT 1 FROM event_cursors WHERE consumer = \${name} AND moved_at > \${now}\`;`,
          '      const place = leased.length > 0 ? undefined : await takeCursor(tx, name);',
          '      read =',
        ),
      },
      {
        file: advance,
        find: oneTransaction,
        replace: lines(
          '      await watched(async () => {',
          '        if (free.length > 0) await consumer.effect(tx, free);',
          '        const over = new Date(now.getTime() + 5_000);',
          `        await tx\`UPDATE event_cursors SET moved_at = \${over} WHERE consumer = \${name}\`;`,
          '      });',
          '      return last.place;',
          "    }).then((place) => place && transact('events.consume', (tx) => moveCursor(tx, name, place, now))),",
        ),
      },
    ],
    breaks: ['I10'],
  },
  {
    name: 'unanswered-batch-done-again',
    room: 'events',
    variantOf: 'no dedupe',
    says: 'A batch whose COMMIT had no answer is done again without a look at the cursor: an effect happens twice.',
    edits: [
      {
        file: advance,
        find: oneTransaction,
        replace: lines(
          oneTransaction.slice(0, -'    }),'.length).trimEnd(),
          '    }).catch(async (error) => {',
          '      const last = read.at(-1);',
          "      if (!last || error?.code !== 'unavailable') throw error;",
          "      await transact('events.consume', async (tx) => {",
          '        await consumer.effect(tx, read.map(({ event }) => event));',
          '        await moveCursor(tx, name, last.place, now);',
          '      });',
          '    }),',
        ),
      },
    ],
    breaks: ['I10'],
  },
  {
    name: 'read-up-to-the-newest',
    room: 'events',
    variantOf: 'poll by sequence cursor',
    says: words(
      'Readers take whatever is committed, in order, and wait for nobody older: what began before and',
      'commits after is skipped for ever.',
    ),
    edits: [
      {
        file: 'server/events/read.ts',
        find: 'sql`(e.epoch < log_epoch() OR e.tx < pg_snapshot_xmin(pg_current_snapshot()))`',
        replace: 'sql`true`',
      },
    ],
    breaks: ['I10'],
  },
  {
    name: 'told-after-the-commit',
    room: 'events',
    variantOf: 'publish after commit, no outbox',
    says: words(
      'The list of payments is told of a change after its commit by whoever made it, and not from the log:',
      'who dies in between leaves staff with a wrong list.',
    ),
    edits: [
      {
        file: 'server/payments/core/commit.ts',
        find: '      return batch.filter((waiting, n) => answer(waiting, landed.get(n), at));',
        replace: lines(
          "      const done = batch.filter((_, n) => landed.get(n) === 'done');",
          '      const told = done.map(({ change }) => ({ paymentId: change.after.id }));',
          '      if (told.length > 0)',
          "        await seams.transact('payments.commit', (tx) => paymentRows.effect(tx, told)).catch(() => {});",
          '      return batch.filter((waiting, n) => answer(waiting, landed.get(n), at));',
        ),
      },
      {
        file: 'server/payments/core/commit.ts',
        find: "import type { Change } from './change.ts';",
        replace: "import { paymentRows } from '../rows.ts';\nimport type { Change } from './change.ts';",
      },
      {
        file: 'server/composition/consumers.ts',
        find: '...readModels, queueDeliveries]',
        replace: '{ ...paymentRows, effect: async () => {} }, hourlyFigures, queueDeliveries]',
      },
      {
        file: 'db/grants.ts',
        find: "    idempotency_keys: ['SELECT', 'INSERT'],\n  },\n",
        replace:
          "    idempotency_keys: ['SELECT', 'INSERT'],\n    payment_rows: ['SELECT', 'INSERT', 'UPDATE'],\n  },\n",
      },
    ],
    breaks: ['I10'],
  },
  {
    name: 'parked-behind-is-thrown-away',
    room: 'events',
    says: words(
      'When a parked event goes through, those that waited behind it are thrown away with it: a merchant’s',
      'figures lack them.',
    ),
    edits: [
      {
        file: parked,
        find: `payment_id = \${payment_id} AND seq = \${seq}\`;\n  await tx\`\n    UPDATE`,
        replace: `payment_id = \${payment_id}\`;\n  await tx\`\n    UPDATE`,
      },
    ],
    breaks: ['I10'],
  },
  {
    name: 'behind-is-passed-over',
    room: 'events',
    says: words(
      'Events of a payment that has one parked are passed over instead of parked behind it: their effect',
      'never happens.',
    ),
    edits: [{ file: advance, find: '      await parkBehind(tx, name, behind, now);\n', replace: '' }],
    breaks: ['I10'],
  },
];
