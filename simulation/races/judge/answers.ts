import type { Answer, Evidence } from './evidence.ts';

/** What clients were told is so, and who was told no has no effect. */
export function answersHold(evidence: Evidence): string[] {
  const { answers } = evidence;
  const failures = answers.flatMap(({ who, asked, no }) =>
    no && 'failure' in no ? [`${who} was answered ${asked.verb} with ${no.failure}`] : [],
  );
  return [...failures, ...refundsHold(evidence), ...capturesHold(evidence), ...keysHold(evidence)];
}

/** Every refund that we have asked for was somebody's answer; "accepted" was done, "refused" was not. */
function refundsHold({ answers, operations, journal }: Evidence): string[] {
  const told = answers.filter(({ asked }) => asked.verb === 'refund').flatMap(({ yes }) => yes ?? []);
  if (told.length === 0) return [];
  const unheard = operations.filter((one) => one.kind === 'refund' && !one.is_foreign);
  return [
    ...unheard.flatMap(({ id }) =>
      told.some((yes) => yes.id === id) ? [] : ['a refund was made that nobody was told of'],
    ),
    ...told.flatMap(({ id, is }) => {
      const done = journal.some((one) => one.key?.startsWith(id) && one.done);
      if (is === 'accepted' && !done) return ['a refund was told as done that never was'];
      return is === 'refused' && done ? ['a refund was told as refused and done all the same'] : [];
    }),
  ];
}

/** Captured is captured, voided is voided, and nobody who was refused a verb had it done. */
function capturesHold({ answers, journal }: Evidence): string[] {
  const done = (kind: string) => journal.some((one) => one.kind === kind && one.done);
  const said = (verb: string, is: string) => answers.some(({ asked, yes }) => asked.verb === verb && yes?.is === is);
  const asked = (verb: string) => answers.filter((one) => one.asked.verb === verb);
  // A capture that the bank refuses is made up for by a void that nobody asked for.
  const madeUp = journal.some((one) => one.kind === 'capture' && !one.done);
  const allRefused = (verb: string) => asked(verb).length > 0 && asked(verb).every(({ no }) => no);
  return [
    ...(said('capture', 'captured') && !done('capture') ? ['a capture was told that never was'] : []),
    ...(said('cancel', 'voided') && !done('void') ? ['a void was told that never was'] : []),
    ...(allRefused('capture') && done('capture') ? ['a capture was refused, and done'] : []),
    ...(allRefused('cancel') && done('void') && !madeUp ? ['a void was refused, and done'] : []),
  ];
}

/** What a twin may hear instead of the answer. */
const twins = ['idempotency_in_flight', 'idempotency_mismatch'];

/** One key, one request, one result. */
function keysHold({ answers, keys, intents, prepared }: Evidence): string[] {
  const keyed = Map.groupBy(
    answers.filter(({ asked }) => asked.key),
    ({ asked }) => asked.key ?? '',
  );
  const broken = [...keyed].flatMap(([key, under]) => oneResult(key, under, keys));
  const creating = [...keyed.values()].filter(([one]) => one?.asked.verb === 'create').length;
  const made = intents.filter(({ id }) => !prepared.includes(id)).length;
  if (made !== creating) broken.push(`${made} intents were made under ${creating} keys`);
  return broken;
}

function oneResult(key: string, under: readonly Answer[], keys: Evidence['keys']): string[] {
  const told = under.filter(({ yes }) => yes);
  const results = new Set(told.map(({ yes }) => yes?.id));
  const bodies = new Set(told.map(({ asked }) => asked.body));
  const others = under.flatMap(({ no }) => (no && 'refusal' in no && !twins.includes(no.refusal) ? [no.refusal] : []));
  const subjects = keys.filter((one) => one.key === key);
  return [
    ...(results.size > 1 ? [`one key was answered with ${results.size} results`] : []),
    ...(bodies.size > 1 ? ['two different requests were answered under one key'] : []),
    ...(told.length === 0 ? ['a key that was sent again and again was never answered'] : []),
    ...(subjects.length === 1 ? [] : [`a key stands ${subjects.length} times`]),
    ...others.map((code) => `a request that was sent twice was told ${code}`),
  ];
}
