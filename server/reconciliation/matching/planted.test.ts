import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { showId } from '#server/kernel/id.ts';
import { matchFile } from './match-file.ts';
import { booksOnDatabase, type Planted, type PlantedLine, type TestBooks } from './testing/books.ts';

/** Of each kind. */
const many = 1_000;

let room: TestBooks;
before(async () => {
  room = await booksOnDatabase();
  await room.rules({ windowDays: 0 });
});
after(() => room[Symbol.asyncDispose]());

type Plant = (operation: Planted) => { operation?: Partial<Planted>; lines: PlantedLine[] };

const byKey = ({ id }: Planted): PlantedLine => ({ kind: 'capture', key: `${id}-1` });

/** What is planted, and the difference that has to be found; null where there is none. */
const plants: Record<string, [finds: string | null, Plant]> = {
  byKey: [null, (one) => ({ lines: [byKey(one)] })],
  byRef: [null, ({ id }) => ({ lines: [{ kind: 'capture', ref: `ref_${id}` }] })],
  byReference: [null, ({ payment }) => ({ lines: [{ kind: 'capture', reference: showId('payment', payment) }] })],
  amount: ['amount amount_changed', (one) => ({ lines: [{ ...byKey(one), amount: 9_000n }] })],
  net: ['amount net_of_fee', (one) => ({ lines: [{ ...byKey(one), amount: 9_957n, fee: 0n }] })],
  currency: ['currency converted', (one) => ({ lines: [{ ...byKey(one), currency: 'USD' }] })],
  fee: ['fee fee_changed', (one) => ({ lines: [{ ...byKey(one), fee: 50n }] })],
  duplicate: ['duplicate line_repeated', (one) => ({ lines: [byKey(one), byKey(one)] })],
  late: ['late settled_late', (one) => ({ operation: { at: new Date('2026-02-20T12:00:00Z') }, lines: [byKey(one)] })],
  status: ['status lost_response', (one) => ({ operation: { status: 'absent' }, lines: [byKey(one)] })],
  missingThere: ['missing_at_provider not_settled_yet', () => ({ lines: [] })],
  missingHere: [
    'missing_here unknown_payment',
    () => ({ operation: { kind: 'refund' }, lines: [{ kind: 'capture' }] }),
  ],
};

test('a thousand planted differences of each kind are found, each as what it is, and nothing else', async () => {
  const planted = Object.entries(plants).flatMap(([name, [, plant]]) =>
    Array.from({ length: many }, () => {
      const operation = { id: room.ids(), payment: room.ids() };
      const { operation: changed = {}, lines } = plant(operation);
      return { name, operation: { ...operation, ...changed }, lines };
    }),
  );
  // Lines of all kinds lie among each other, as in a file of a day.
  const order = planted.map((one, place) => ({ one, place: (place * 7_919) % planted.length }));
  const mixed = order.toSorted((a, b) => a.place - b.place).map(({ one }) => one);
  await room.plant(mixed.filter(({ name }) => name !== 'missingHere').map(({ operation }) => operation));
  const fileId = await room.file(mixed.flatMap(({ lines }) => lines));
  await matchFile(room.books(), fileId);

  const expected = Object.values(plants).flatMap(([finds]) => (finds ? [`${finds} ${many}`] : []));
  assert.deepEqual(await found(), mergeCounts(expected));
  const names = new Map(planted.map(({ name, operation }) => [operation.id, name]));
  const rows = await room.owner<{ kind: string; operation_id: string | null }[]>`
    SELECT kind, operation_id FROM discrepancies WHERE operation_id IS NOT NULL`;
  for (const { kind, operation_id: id } of rows) {
    const finds = plants[names.get(id ?? '') ?? '']?.[0];
    assert.equal(finds?.split(' ')[0], kind, 'a difference is of the operation that it was planted in');
  }
  const [run] = await room.owner`SELECT lines, matched, differences, totals FROM reconciliation_runs`;
  assert.deepEqual(run, {
    lines: 12 * many,
    matched: 10 * many,
    differences: {
      ...{ amount: 2 * many, currency: many, duplicate: many, fee: many, late: many, status: many },
      ...{ missing_here: many, missing_at_provider: many },
    },
    totals: run?.totals,
  });
  const eur = [3, 1, 1, 1].reduce((sum, times) => sum + times * many * 10_000, 0);
  assert.equal(run?.totals.EUR.matched, String(eur), 'three ways to find, a fee, late, and one of each two alike');
});

function mergeCounts(lines: readonly string[]): string[] {
  return [...lines].sort();
}

async function found(): Promise<string[]> {
  const rows = await room.owner<{ said: string }[]>`
    SELECT kind || ' ' || cause || ' ' || count(*) AS said FROM discrepancies GROUP BY kind, cause`;
  return rows.map(({ said }) => said).sort();
}
