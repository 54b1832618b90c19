import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openStage } from '../intake/testing/stage.ts';
import { readCamt } from './read-camt.ts';
import { readBankCsv } from './read-csv.ts';
import { takeInStatement } from './take-in-statement.ts';

let stage: Awaited<ReturnType<typeof openStage>>;
before(async () => {
  stage = await openStage();
});
after(() => stage.close());

const entry = (amount: string, more = '', ccy = 'EUR') => `<Ntry><Amt Ccy="${ccy}">${amount}</Amt>
  <CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-23</Dt></BookgDt>${more}</Ntry>`;
const camt = (entries: string, version = '02') => `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.${version}"><BkToCstmrStmt><GrpHdr><MsgId>1</MsgId></GrpHdr>
<Stmt><Id>1</Id><Bal><Amt Ccy="EUR">999.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>${entries}</Stmt></BkToCstmrStmt></Document>`;
const details = (text: string) => `<NtryDtls><TxDtls><Refs><EndToEndId>e2e-1</EndToEndId></Refs>
  <Amt Ccy="EUR">1.00</Amt><RmtInf><Ustrd>${text}</Ustrd><Ustrd>two &amp; three</Ustrd></RmtInf></TxDtls></NtryDtls>`;

test('a camt.053 statement gives its booked entries, with sign, day and all that was written with them', () => {
  const [one, two, ...more] = readCamt(
    Buffer.from(
      camt(`${entry('48.35', details('po_alder-2026-11-20_eur'))}
      ${entry('7.00').replace('CRDT', 'DBIT')}${entry('9.00').replace('BOOK', 'PDNG')}`),
    ),
  );
  assert.deepEqual(
    { ...one, raw: one?.raw.slice(0, 6) },
    {
      line: 1,
      bookedOn: '2026-11-23',
      amount: 4835n,
      currency: 'EUR',
      remittance: 'po_alder-2026-11-20_eur two & three e2e-1',
      raw: '<Ntry>',
    },
  );
  assert.match(one?.raw ?? '', /^<Ntry>.*48\.35.*e2e-1.*<\/Ntry>$/s);
  assert.deepEqual([two?.line, two?.amount, more], [2, -700n, []]);
});

test('later versions, prefixes, times and other decimals are read as well', () => {
  const later = camt(entry('1216758', '', 'JPY'), '08')
    .replace('<Sts>BOOK</Sts>', '<Sts><Cd>BOOK</Cd></Sts>')
    .replace('<Dt>2026-11-23</Dt>', '<DtTm>2026-11-23T10:00:00+01:00</DtTm>')
    .replaceAll(/<(\/?)([A-Z])/g, '<$1c:$2')
    .replace('xmlns=', 'xmlns:c=');
  const [read] = readCamt(Buffer.from(later));
  assert.deepEqual([read?.amount, read?.currency, read?.bookedOn], [1216758n, 'JPY', '2026-11-23']);
});

const bomb = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>`;
// biome-ignore format: one slip per line
const slips: [slip: string, text: string, says: RegExp][] = [
  ['a document type, whose entities could grow', camt(entry('1.00')).replace('?>', `?>${bomb}`), /no document type/],
  ['an entity that reads a file', camt(entry('1.00')).replace('?>', '?><!DOCTYPE x SYSTEM "file:///etc/passwd">'), /no document type/],
  ['an entity that nobody declared', camt(entry('1.00', details('&x;'))), /no XML/],
  ['another message', camt(entry('1.00')).replace('camt.053', 'camt.054'), /no bank statement by camt.053/],
  ['another document', '<html></html>', /no bank statement by camt.053/],
  ['a file that was cut off', camt(entry('1.00')).slice(0, -40), /no XML/],
  ['an amount with thousands', camt(entry('1,000')), /Line 1 of the statement: "1,000" is no amount in EUR/],
  ['a currency that is none', camt(entry('1.00', '', 'XXX')), /Line 1 of the statement: its currency "XXX"/],
  ['no direction', camt(entry('1.00').replace('CRDT', 'X')), /neither credit nor debit/],
  ['no day', camt(entry('1.00').replace('2026-11-23', '2026-11-31')), /is no day/],
  ['elements without end', camt('<A>'.repeat(200_000)), /nested too deeply/],
  ['another encoding', camt('').replace('UTF-8', 'UTF-16'), /written in UTF-8/],
];

for (const [slip, text, says] of slips) {
  test(`camt.053: ${slip} is refused`, () => {
    assert.throws(() => readCamt(Buffer.from(text)), { name: 'Refusal', code: 'invalid_input', message: says });
  });
}

test('a statement in CSV, with either separator, its columns by name', () => {
  const comma =
    'Date,Account,Amount,Currency,Description\n2026-11-23,1,48.35,EUR,"po_1, for you"\n22.11.2026,1,-7,EUR,x\n';
  const semicolons =
    '\ufeffremittance;ccy;amount;booking_date\r\npo_1, for you;EUR;48,35;23-11-2026\r\nx;EUR;-7;2026-11-22\r\n';
  const read = [comma, semicolons].map((text) => readBankCsv(Buffer.from(text)).map(({ raw, ...rest }) => rest));
  const [first, second] = read;
  assert.deepEqual(first, [
    { line: 2, bookedOn: '2026-11-23', amount: 4835n, currency: 'EUR', remittance: 'po_1, for you' },
    { line: 3, bookedOn: '2026-11-22', amount: -700n, currency: 'EUR', remittance: 'x' },
  ]);
  assert.deepEqual(second, first);
});

test('a statement in CSV that cannot be read whole is refused, with the line', () => {
  const given = (line: string) => () =>
    readBankCsv(Buffer.from(`date,amount,currency,remittance\n2026-11-22,1,EUR,a\n${line}`));
  assert.throws(given('2026-11-22,"1,000",EUR,x'), /Line 3 of the statement: "1,000" is no amount in EUR/);
  assert.throws(given('11/22/2026,1,EUR,x'), /Line 3 .* is no day/);
  assert.throws(given('2026-11-22,1,EUR'), /Line 3 .* it has 3 columns/);
  assert.throws(() => readBankCsv(Buffer.from('date,amount,currency\n')), /remittance is missing/);
  assert.throws(() => readBankCsv(Buffer.alloc(0)), /empty/);
});

test('a statement is stored whole with its entries, once, whoever comes at the same time', async () => {
  const content = Buffer.from(camt(`${entry('48.35', details('po_1'))}${entry('1.00')}`));
  const taken = await Promise.all(
    Array.from({ length: 8 }, () => takeInStatement(stage.room(), { name: 'november.xml', content })),
  );
  assert.equal(taken.filter(({ isNew }) => isNew).length, 1);
  const [id, ...others] = new Set(taken.map((one) => one.id));
  assert.deepEqual(others, []);
  const [statement] = await stage.owner`SELECT format, lines, content FROM bank_statements WHERE id = ${String(id)}`;
  assert.deepEqual([statement?.format, statement?.lines, statement?.content.equals(content)], ['camt', 2, true]);
  const lines = await stage.owner`
    SELECT line, booked_on::text AS day, amount, currency, left(remittance, 4) AS text FROM bank_lines
    WHERE statement_id = ${String(id)} ORDER BY line`;
  assert.deepEqual(
    [...lines],
    [
      { line: 1, day: '2026-11-23', amount: 4835n, currency: 'EUR', text: 'po_1' },
      { line: 2, day: '2026-11-23', amount: 100n, currency: 'EUR', text: '' },
    ],
  );
});

test('a statement that is refused, or too large, leaves nothing', async () => {
  const before = await stage.owner`SELECT count(*)::int AS n FROM bank_statements`;
  const given = (content: Buffer) => takeInStatement(stage.room(), { name: 'x', content });
  await assert.rejects(given(Buffer.from(camt(entry('x')))), { code: 'invalid_input' });
  await assert.rejects(given(Buffer.alloc(9_000_000, ' ')), { code: 'too_large' });
  assert.deepEqual([...(await stage.owner`SELECT count(*)::int AS n FROM bank_statements`)], [...before]);
});
