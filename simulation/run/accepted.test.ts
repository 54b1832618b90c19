import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { JournalLine } from '../judge/evidence.ts';
import { type Fixture, makeFixtures } from '../races/fixtures.ts';
import type { Entry } from '../races/judge/evidence.ts';
import { openStage, type Stage } from '../races/stage.ts';
import { acceptedByModel } from './accepted.ts';

let stage: Stage;
let fixture: Fixture;
before(async () => {
  stage = await openStage();
  const given = { payments: 3, state: 'captured', amount: 1_000n } as const;
  const [made] = await makeFixtures(stage, { name: 'accepted', given }, [1]);
  assert.ok(made);
  fixture = made;
});
after(() => stage.close());

/** What the acquirer's books would say, an hour before anything was written: cause goes before time. */
const lines = (journal: readonly Entry[]): JournalLine[] =>
  journal.map(({ key, kind, ref, payment, amount }) => ({
    at: '2026-03-01T10:00:00.000Z',
    kind: kind === 'authorize' ? 'authorization' : (kind as JournalLine['kind']),
    id: ref,
    key: key ?? '',
    authorization: ref,
    amount: Number(amount),
    currency: 'EUR',
    fee: 0,
    last4: '4242',
    reference: payment,
  }));

const refused = (journal: readonly Entry[]) =>
  acceptedByModel({ sql: stage.owner, journals: new Map([['alder', lines(journal)]]) });

test('what the rooms and an acquirer do is a way that the model knows', async () => {
  assert.deepEqual(await refused(fixture.journal), []);
});

test('money that moved here and not there is no such way, and is told in words', async () => {
  const [one] = fixture.payments;
  const without = fixture.journal.filter(({ kind, payment }) => kind !== 'capture' || payment !== one?.id);
  const [breach, ...others] = await refused(without);
  assert.deepEqual(others, []);
  assert.deepEqual([breach?.invariant, breach?.payment], ['model', one?.id]);
  const says = /, and then the money is taken \(capture of 1000 at alder\): the model can’t do this here\. It could: /;
  assert.match(breach?.says ?? '', says);
});

test('an effect twice under one key is no such way', async () => {
  const [first] = fixture.journal;
  assert.ok(first);
  const [breach, ...others] = await refused([...fixture.journal, first]);
  assert.deepEqual([breach?.payment, others.length], [first.payment, 0]);
  assert.match(breach?.says ?? '', /money moved \(authorize of 1000 at alder\)/);
});

test('a step that is forged in the log is no such way', async () => {
  const [, forged] = fixture.payments;
  assert.ok(forged);
  // As the superuser, past every guard: the capture is not decided any more, only done.
  await stage.owner.begin(async (tx) => {
    await tx`SET LOCAL session_replication_role = replica`;
    await tx`DELETE FROM events WHERE payment_id = ${forged.id} AND trigger = 'begin_capture'`;
  });
  const [breach, ...others] = await refused(fixture.journal);
  assert.deepEqual([breach?.payment, others.length], [forged.id, 0]);
});

test('money that moves after it was given up is no such way', async () => {
  const [, , late] = fixture.payments;
  assert.ok(late);
  await stage.owner.begin(async (tx) => {
    await tx`SET LOCAL session_replication_role = replica`;
    await tx`DELETE FROM events WHERE payment_id = ${late.id} AND trigger IN ('begin_capture', 'capture')`;
    await tx`
      UPDATE events SET trigger = 'abandon', to_state = 'failed'
      WHERE payment_id = ${late.id} AND trigger = 'authorize'`;
  });
  const journal = fixture.journal.filter(({ payment, kind }) => payment === late.id && kind === 'authorize');
  const journals = new Map([['alder', lines(journal).map((line) => ({ ...line, at: '2026-03-01T11:30:00.000Z' }))]]);
  const breaches = await acceptedByModel({ sql: stage.owner, journals });
  assert.equal(breaches.filter(({ payment }) => payment === late.id).length, 1);
});
