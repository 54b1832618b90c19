import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sha256 } from '#server/kernel/secret.ts';
import { contentOf } from './content.ts';
import { readFile } from './read-file.ts';
import { type TakeInInput, takeIn } from './take-in.ts';
import { alderFile, alderLine, openStage } from './testing/stage.ts';

let stage: Awaited<ReturnType<typeof openStage>>;
before(async () => {
  stage = await openStage();
});
after(() => stage.close());

const given = (name: string, content: TakeInInput['content']): TakeInInput => {
  return { provider: 'alder', name, day: '2026-11-20', source: 'fetched', content };
};

const counts = async (table: 'settlement_files' | 'settlement_file_parts') => {
  const [row] = await stage.owner<{ n: number }[]>`SELECT count(*)::int AS n FROM ${stage.owner(table)}`;
  return row?.n;
};

async function rowsOf(fileId: string) {
  const lines = await stage.owner`
    SELECT line, kind, ref, capture_ref, key, reference, amount, fee, net, currency, occurred_at, payout_ref, raw
    FROM settlement_lines WHERE file_id = ${fileId} ORDER BY line`;
  const bad = await stage.owner`
    SELECT line, raw, reason FROM quarantined_lines WHERE file_id = ${fileId} ORDER BY line`;
  const [file] = await stage.owner`
    SELECT status, lines, quarantined, read_at IS NOT NULL AS dated FROM settlement_files WHERE id = ${fileId}`;
  return { lines: [...lines], bad: [...bad], file };
}

async function* inBits(content: Buffer, size: number) {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
}

test('a file is stored whole, with its hash, and again it is the same file', async () => {
  const text = alderFile('one.csv', 3);
  const first = await takeIn(stage.room(), given('one.csv', Buffer.from(text)));
  const again = await takeIn(stage.room(), given('other-name.csv', Buffer.from(text)));
  assert.deepEqual([first.isNew, again], [true, { id: first.id, isNew: false }]);
  const [row] = await stage.owner`SELECT digest, content, status FROM settlement_files WHERE id = ${first.id}`;
  assert.deepEqual([row?.digest, row?.content.toString(), row?.status], [sha256(text), text, 'stored']);
});

test('a long file is stored in parts, whatever it comes in, and is one file with one hash', async () => {
  const content = Buffer.from(alderFile('long.csv', 30_000));
  assert.ok(content.length > 3_000_000);
  const { id } = await takeIn(stage.room(), given('long.csv', inBits(content, 70_001)));
  const parts =
    await stage.owner`SELECT length(content) AS n FROM settlement_file_parts WHERE file_id = ${id} ORDER BY part`;
  assert.deepEqual(
    parts.map(({ n }) => n),
    [1_048_576, 1_048_576, 1_048_576, content.length - 3 * 1_048_576].slice(0, parts.length),
  );
  const chunks: Buffer[] = [];
  for await (const chunk of contentOf(stage.room().sql, id)) chunks.push(chunk);
  assert.ok(Buffer.concat(chunks).equals(content));
  const before = await counts('settlement_file_parts');
  assert.deepEqual(await takeIn(stage.room(), given('again.csv', content)), { id, isNew: false });
  assert.equal(await counts('settlement_file_parts'), before, 'nothing is left of the second');
});

test('of twenty who take in the same file at once one does', async () => {
  const text = Buffer.from(alderFile('many.csv', 5));
  const taken = await Promise.all(Array.from({ length: 20 }, () => takeIn(stage.room(), given('many.csv', text))));
  assert.equal(taken.filter(({ isNew }) => isNew).length, 1);
  assert.equal(new Set(taken.map(({ id }) => id)).size, 1);
});

test('what is no report of its provider’s is refused, and nothing is left of it', async () => {
  const before = [await counts('settlement_files'), await counts('settlement_file_parts')];
  const whole = Buffer.from(alderFile('x.csv', 1));
  const refused = { code: 'invalid_input' };
  await assert.rejects(takeIn(stage.room(), given('x.csv', Buffer.from('a;b\n'))), refused);
  await assert.rejects(takeIn(stage.room(), given('x.csv', Buffer.alloc(2_500_000, 'x'))), refused);
  await assert.rejects(takeIn(stage.room(), given('x.csv', Buffer.alloc(0))), refused);
  await assert.rejects(takeIn(stage.room(), given('', whole)), refused);
  await assert.rejects(takeIn(stage.room(), { ...given('x.csv', whole), provider: 'maple' }), refused);
  for (const day of ['2026-02-30', '20261120', 'x']) {
    await assert.rejects(takeIn(stage.room(), { ...given('x.csv', whole), day }), refused);
  }
  await assert.rejects(takeIn(stage.room(), given('one.csv', Buffer.from(alderFile('y', 1)))), {
    message: 'Another file of alder named one.csv is here, with other content.',
  });
  const broken = async function* () {
    yield Buffer.from(alderFile('b', 30_000));
    throw new Error('the line broke');
  };
  await assert.rejects(takeIn(stage.room(), given('b', broken())), /the line broke/);
  assert.deepEqual([await counts('settlement_files'), await counts('settlement_file_parts')], before);
});

test('lines stand in their table in our words, and what cannot be read in quarantine with its number', async () => {
  const text = alderFile('mixed.csv', 4).replace('1250,43,1207', '1250,43,1208').replace('end,mixed.csv', 'end,mixed');
  const { id } = await takeIn(stage.room(), given('mixed.csv', Buffer.from(text)));
  assert.deepEqual(await readFile(stage.room(), id), { lines: 3, quarantined: 1 });
  const { lines, bad, file } = await rowsOf(id);
  assert.deepEqual(file, { status: 'read', lines: 3, quarantined: 1, dated: true });
  assert.deepEqual(bad, [
    {
      line: 2,
      raw: alderLine('mixed.csv_0').trim().replace('1207', '1208'),
      reason: 'its net 1208 is not its gross 1250 less its fee 43',
    },
  ]);
  assert.deepEqual(lines[0], {
    line: 3,
    kind: 'capture',
    ref: 'cap_mixed.csv_1',
    capture_ref: null,
    key: 'key_mixed.csv_1',
    reference: 'pay_mixed.csv_1',
    amount: 1250n,
    fee: 43n,
    net: 1207n,
    currency: 'EUR',
    occurred_at: new Date('2026-11-20T23:30:00.250Z'),
    payout_ref: 'po_1',
    raw: alderLine('mixed.csv_1').trim(),
  });
  assert.deepEqual(await readFile(stage.room(), id), { lines: 3, quarantined: 1 }, 'once is enough');
});

test('a file whose fields try to be SQL, formulas or arrays is read to the letter', async () => {
  const odd = ['{a,b}', 'NULL', '\\', "'; DROP TABLE x; --", '=1+1', '{}', 'é€😀', '\t'];
  const lines = odd.map((text, at) => alderLine(`odd_${at}`).replace(`pay_odd_${at}`, text));
  const text = `${alderFile('odd', 0).split('\n')[0]}\n${lines.join('')}`.replace('{a,b}', '"{a,b}"');
  const { id } = await takeIn(stage.room(), given('odd.csv', Buffer.from(text)));
  await readFile(stage.room(), id);
  assert.deepEqual(
    (await rowsOf(id)).lines.map(({ reference }) => reference),
    odd,
  );
});

for (const place of ['reconciliation.read:begin', 'reconciliation.read:before', 'reconciliation.read:after'] as const) {
  test(`a reading that dies at ${place} of any chunk and is begun again leaves the same rows`, async () => {
    const text = alderFile(place, 250).replaceAll(/(_1\d,,.*),1207,/g, '$1,1206,');
    const whole = await takeIn(stage.room(), given(`${place}-whole`, Buffer.from(text)));
    await readFile(stage.room(), whole.id, { chunk: 100 });
    const expected = await rowsOf(whole.id);
    assert.deepEqual([expected.lines.length, expected.bad.length], [240, 10]);
    const { id } = await takeIn(stage.room(), given(`${place}-killed`, Buffer.from(`${text}\n`)));
    for (const dies of [1, 2, 1, 2]) {
      let passed = 0;
      const killed = stage.room((name) => {
        if (name !== place) return;
        passed += 1;
        if (passed === dies) throw new Error('killed');
      });
      await readFile(killed, id, { chunk: 100 }).catch((error: Error) => assert.equal(error.message, 'killed'));
    }
    await readFile(stage.room(), id);
    assert.deepEqual(await rowsOf(id), expected);
  });
}

test('two who read one file at once: one is told so, and the rows are those of one', async () => {
  const { id } = await takeIn(stage.room(), given('two.csv', Buffer.from(alderFile('two', 3_000))));
  const read = () => readFile(stage.room(), id, { chunk: 100 });
  const both = await Promise.allSettled([read(), read()]);
  const refused = both.filter((one) => one.status === 'rejected');
  for (const { reason } of refused) assert.equal((reason as { code: string }).code, 'stale');
  await readFile(stage.room(), id);
  assert.equal((await rowsOf(id)).lines.length, 3_000);
});
