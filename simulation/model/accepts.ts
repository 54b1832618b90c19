import { type EventTrigger, legalSteps } from '#server/payments/core/machine.ts';
import type { Happening, Stage } from './life/happening.ts';
import { beginning, happenings } from './life/model.ts';
import type { Slot, State } from './life/slots.ts';
import type { Observed, Trace, TracedStep } from './trace.ts';

export type Verdict =
  | { accepted: true; states: number }
  /** The first event that the model can't produce, what it is, and what could have happened instead. */
  | { accepted: false; at: number; event: Observed; why: string; instead: string[] };

/**
 * Whether the model can produce this trace: every state that fits what was seen so far is kept, and each event has to
 * be possible in one of them. The life of a payment is the same as is explored, with the operations of the trace.
 */
export function accepts(trace: Trace): Verdict {
  const ids = inOrder(trace);
  const stage: Stage = { slots: slotsOf(trace, ids), promisesBroken: false, bounded: false };
  let here = [beginning(stage.slots)];
  for (const [at, event] of trace.events.entries()) {
    const refuse = (why: string, instead: string[] = []): Verdict => ({ accepted: false, at, event, why, instead });
    const wrong = contradiction(event, trace);
    if (wrong) return refuse(wrong);
    const seen = sighting(event, ids);
    if (seen === '') continue;
    const may = mayHappen(here, stage, concerned(event, { ids, stage }));
    const did = may.filter((one) => sightingOf(one) === seen);
    if (did.length === 0) return refuse('the model can’t do this here', [...new Set(may.map(({ words }) => words))]);
    here = [...new Map(did.map(({ to }) => [keyOf(to), to])).values()];
  }
  return { accepted: true, states: here.length };
}

/** What is wrong with an event whatever came before it. */
function contradiction(event: Observed, { operations }: Trace): string | undefined {
  const unknown = namedBy(event).find((one) => !operations.some(({ id }) => id === one));
  if (unknown !== undefined) return `there is no operation ${unknown}`;
  const illegal = event.what === 'committed' ? event.steps.find((step) => !isLegal(step)) : undefined;
  return illegal && `the table of moves has no ${illegal.from} ${illegal.trigger} ${illegal.to}`;
}

function namedBy(event: Observed): string[] {
  return event.what === 'acted' ? [event.operation] : event.steps.flatMap(({ operation }) => operation ?? []);
}

/**
 * The operations that an event is about, those that they block or give back, and those that block or give them back.
 * What nobody sees of any other operation may as well happen later.
 */
function concerned(event: Observed, { ids, stage }: { ids: readonly string[]; stage: Stage }): ReadonlySet<number> {
  const ops = namedBy(event).map((id) => ids.indexOf(id));
  const targets = ops.flatMap((n) => stage.slots[n]?.against ?? []);
  const aimed = [...stage.slots.keys()].filter((n) => ops.includes(stage.slots[n]?.against ?? -1));
  return new Set([...ops, ...targets, ...aimed]);
}

/**
 * What people do about money at risk changes nothing here; nor does what only the cardholder's bank does, or that a
 * provider has settled what it gave back.
 */
const notes: readonly EventTrigger[] = [
  'create',
  'escalated',
  'escalation_proposed',
  'escalation_withdrawn',
  'escalation_closed',
  'chargeback',
  'intent_canceled',
  'refund_settled',
];

/** Of these the log names the capture, and the model nothing: there is but one. */
const ofNoOperation: readonly EventTrigger[] = ['reconcile', 'settled'];

/** What can be seen of an event, as one word; none where it is only a note. */
function sighting(event: Observed, ids: readonly string[]): string {
  if (event.what === 'acted') return `acted ${ids.indexOf(event.operation)}`;
  return told(event.steps.map(({ trigger, operation }) => ({ trigger, op: operation && ids.indexOf(operation) })));
}

/** The same of what the model does; none where nobody can see it. */
function sightingOf({ commit, acted }: Happening): string {
  if (acted) return acted.moved ? `acted ${acted.op}` : '';
  return commit ? told(commit) : '';
}

function told(steps: readonly { trigger: EventTrigger; op?: number | string | undefined }[]): string {
  const words = steps.filter(({ trigger }) => !notes.includes(trigger));
  return words.map(({ trigger, op = '' }) => `${trigger} ${ofNoOperation.includes(trigger) ? '' : op}`).join(', ');
}

const legal = new Set(legalSteps().map(({ from, trigger, to }) => `${from} ${trigger} ${to}`));

function isLegal({ from, trigger, to }: TracedStep): boolean {
  return legal.has(`${from} ${trigger} ${to}`);
}

/** All that may happen in these states, and in those that come of them by what nobody sees of these operations. */
function mayHappen(states: readonly State[], stage: Stage, ops: ReadonlySet<number>): Happening[] {
  const known = new Set(states.map(keyOf));
  const may: Happening[] = [];
  for (const fresh = [...states]; fresh.length > 0; ) {
    const all = fresh.splice(0).flatMap((state) => happenings(state, stage));
    may.push(...all);
    for (const one of all) {
      if (sightingOf(one) !== '' || (one.of !== undefined && !ops.has(one.of))) continue;
      const key = keyOf(one.to);
      if (known.has(key)) continue;
      known.add(key);
      fresh.push(one.to);
    }
  }
  return may;
}

function keyOf(state: State): string {
  return Object.values(state).join();
}

/** The operations in the order of their first mention in the log, which is that of their opening. */
function inOrder({ operations, events }: Trace): string[] {
  const mentioned = events.flatMap((event) => (event.what === 'committed' ? event.steps : []));
  const ids = mentioned.flatMap(({ operation }) => (operation === undefined ? [] : [operation]));
  const known = new Set(operations.map(({ id }) => id));
  return [...new Set([...ids.filter((id) => known.has(id)), ...known])];
}

function slotsOf({ operations }: Trace, ids: readonly string[]): Slot[] {
  return ids.flatMap((id): Slot[] => {
    const known = operations.find((one) => one.id === id);
    if (!known) return [];
    const { kind, provider, amount, against, foreign } = known;
    const aim = against === undefined ? {} : { against: ids.indexOf(against) };
    return [{ kind, provider, amount, ...aim, ...(foreign && { foreign }) }];
  });
}
