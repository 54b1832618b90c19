import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Refusal } from '#server/kernel/refusal.ts';
import { type Candidate, plan, type Wish } from './plan.ts';
import { type Rule, ruleShape } from './rules.ts';

const wish: Wish = { payment: 'p-1', amount: 10_000n, currency: 'EUR', brand: 'visa' };
const named = (name: string, fields: Partial<Candidate> = {}): Candidate => ({
  name,
  charges: 'closed',
  successRate: null,
  feeBasisPoints: 100,
  feeFixed: 0,
  ...fields,
});
const both = [named('alder'), named('birch')];
const rule = (choice: object, conditions: object = {}, position = 1): Rule =>
  ruleShape.parse({ position, conditions, choice });
const birchFirst = { by: 'order', providers: ['birch', 'alder'] };

/** Texts that cover every combination: what holds for all of them is no accident of one example. */
function* situations() {
  const charges = ['closed', 'open', 'half_open'] as const;
  const choices = [
    birchFirst,
    { by: 'order', providers: ['birch'] },
    { by: 'share', shares: { alder: 1, birch: 3 } },
    { by: 'cost' },
    { by: 'success', providers: ['alder', 'cedar'] },
  ];
  for (const alder of charges)
    for (const birch of charges)
      for (const choice of [undefined, ...choices])
        for (const currencies of [[], ['USD']] as const)
          for (let n = 0; n < 5; n++)
            yield {
              asked: { ...wish, payment: `p-${n}`, amount: BigInt(n * 997 + 1) },
              candidates: [named('alder', { charges: alder, currencies }), named('birch', { charges: birch })],
              rules: choice ? [rule(choice)] : [],
            };
}

test('whatever the rules say, each provider is planned once or skipped with a reason, and none with an open breaker', () => {
  let seen = 0;
  for (const { asked, candidates, rules } of situations()) {
    const { providers, skipped, reason } = plan(asked, candidates, rules);
    const all = [...providers, ...skipped.map(({ provider }) => provider)];
    assert.deepEqual(all.sort(), ['alder', 'birch']);
    for (const { name, charges } of candidates)
      if (charges === 'open') assert.equal(providers.includes(name), false, name);
    for (const { provider, why } of skipped) assert.ok(reason.includes(`${provider}: ${why}`), reason);
    assert.ok(reason.startsWith(`${providers[0] ?? 'nobody'}: `), reason);
    seen += 1;
  }
  assert.equal(seen, 540);
});

test('the same payment gets the same plan however often it is asked', () => {
  for (const { asked, candidates, rules } of situations())
    assert.deepEqual(plan(asked, candidates, rules), plan(asked, structuredClone(candidates), rules));
});

test('without a rule the operator’s order counts, and a stopped provider is left out', () => {
  assert.deepEqual(plan(wish, both, []), {
    providers: ['alder', 'birch'],
    reason: 'alder: in the operator’s order',
    skipped: [],
  });
  assert.deepEqual(plan(wish, [named('alder', { charges: 'open' }), named('birch')], []), {
    providers: ['birch'],
    reason: 'birch: in the operator’s order; alder: charges there are stopped',
    skipped: [{ provider: 'alder', why: 'charges there are stopped' }],
  });
});

test('with all breakers open nobody is asked, and the payment has to wait', () => {
  const stopped = both.map((one) => ({ ...one, charges: 'open' as const }));
  const { providers, reason } = plan(wish, stopped, []);
  assert.deepEqual(providers, []);
  assert.match(reason, /^nobody: .*alder: charges there are stopped; birch: charges there are stopped$/);
});

test('a provider that is being tried again keeps its place, and the timeline says so', () => {
  const { providers, reason } = plan(wish, [named('alder', { charges: 'half_open' }), named('birch')], []);
  assert.deepEqual(providers, ['alder', 'birch']);
  assert.match(reason, /charges there are being tried again/);
});

test('a currency that nobody takes is refused, however healthy they are; one that somebody takes goes there', () => {
  const dollars = named('alder', { currencies: ['USD'] });
  assert.throws(
    () => plan(wish, [dollars], []),
    (no: Refusal) => no.code === 'currency_unsupported',
  );
  const { providers, skipped } = plan(wish, [dollars, named('birch')], []);
  assert.deepEqual([providers, skipped], [['birch'], [{ provider: 'alder', why: 'does not take the currency' }]]);
});

test('the first rule that fits decides, and is named in the reason', () => {
  const rules = [
    rule(birchFirst, { currencies: ['USD'] }, 1),
    rule(birchFirst, { brands: ['visa'], currencies: ['EUR'], amount: { from: '10000', below: '10001' } }, 2),
    rule({ by: 'order', providers: ['alder'] }, {}, 3),
  ];
  const of = (fields: Partial<Wish>) => plan({ ...wish, ...fields }, both, rules);
  const { providers, reason } = of({});
  assert.deepEqual(providers, ['birch', 'alder']);
  assert.equal(reason, 'birch: rule 2 (EUR, from 10000, below 10001, visa), in the rule’s order');
  assert.deepEqual(of({ brand: 'amex' }).providers, ['alder']);
  assert.deepEqual(of({ amount: 9_999n }).providers, ['alder']);
  assert.deepEqual(of({ amount: 10_001n }).providers, ['alder']);
  assert.deepEqual(of({ currency: 'USD', brand: 'amex' }).providers, ['birch', 'alder']);
  assert.deepEqual(of({ brand: 'amex' }).skipped, [{ provider: 'birch', why: 'not named by the rule' }]);
});

test('a rule for countries says nothing of a card whose country is not known', () => {
  const rules = [rule(birchFirst, { countries: ['FR'] })];
  assert.deepEqual(plan({ ...wish, country: 'FR' }, both, rules).providers, ['birch', 'alder']);
  assert.deepEqual(plan({ ...wish, country: 'DE' }, both, rules).providers, ['alder', 'birch']);
  assert.deepEqual(plan(wish, both, rules).providers, ['alder', 'birch']);
});

test('a rule that names nobody who could do it is passed over; one whose providers are stopped is not', () => {
  const gone = [rule({ by: 'order', providers: ['cedar'] }, {}, 1), rule(birchFirst, {}, 2)];
  assert.deepEqual(plan(wish, both, gone).providers, ['birch', 'alder']);
  const onlyAlder = [rule({ by: 'order', providers: ['alder'] })];
  const candidates = [named('alder', { charges: 'open' }), named('birch')];
  assert.deepEqual(plan(wish, candidates, onlyAlder).providers, []);
});

test('payments are split by their shares, also among those that are left when one is stopped', () => {
  const rules = [rule({ by: 'share', shares: { alder: 60, birch: 30, cedar: 10 } })];
  const first = (candidates: Candidate[]) => {
    const counts: Record<string, number> = {};
    for (let n = 0; n < 20_000; n++) {
      const [name = ''] = plan({ ...wish, payment: `p-${n}` }, candidates, rules).providers;
      counts[name] = (counts[name] ?? 0) + 1 / 20_000;
    }
    return counts;
  };
  const near = (got = 0, wanted: number) => assert.ok(Math.abs(got - wanted) < 0.02, `${got} for ${wanted}`);
  const all = first([...both, named('cedar')]);
  near(all.alder, 0.6);
  near(all.birch, 0.3);
  near(all.cedar, 0.1);
  const rest = first([named('alder', { charges: 'open' }), named('birch'), named('cedar')]);
  near(rest.birch, 0.75);
  near(rest.cedar, 0.25);
});

test('the cheapest for this amount goes first: fixed fees weigh on small payments', () => {
  const candidates = [
    named('alder', { feeBasisPoints: 100, feeFixed: 30 }),
    named('birch', { feeBasisPoints: 200, feeFixed: 0 }),
  ];
  const rules = [rule({ by: 'cost' })];
  assert.deepEqual(plan({ ...wish, amount: 1_000n }, candidates, rules).providers, ['birch', 'alder']);
  assert.deepEqual(plan({ ...wish, amount: 10_000n }, candidates, rules).providers, ['alder', 'birch']);
});

test('the most successful goes first; noise makes no difference, and who was never asked gets a chance', () => {
  const of = (alder: number | null, birch: number | null) =>
    plan(
      wish,
      [named('alder', { successRate: alder }), named('birch', { successRate: birch })],
      [rule({ by: 'success' })],
    ).providers[0];
  assert.equal(of(0.8, 0.95), 'birch');
  assert.equal(of(0.91, 0.92), 'alder');
  assert.equal(of(0.9, null), 'birch');
});

test('malformed rules are refused', () => {
  const bad: [object, object][] = [
    [birchFirst, { amount: { from: '1' } }],
    [birchFirst, { currencies: ['XXX'] }],
    [birchFirst, { colour: 'red' }],
    [{ by: 'order', providers: [] }, {}],
    [{ by: 'share', shares: {} }, {}],
    [{ by: 'share', shares: { alder: 0 } }, {}],
    [{ by: 'luck' }, {}],
  ];
  for (const [choice, conditions] of bad) assert.throws(() => rule(choice, conditions), { name: 'ZodError' });
});
