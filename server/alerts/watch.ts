import type { AlertKind, Alerts, NewAlert } from './alerts.ts';

/** By kind, a question whose answer is all that is wrong at this moment, of that kind. */
export type Looks = Partial<Record<AlertKind, () => Promise<NewAlert[]>>>;

/**
 * Looks once: raises what is wrong, and resolves what was wrong and is so no longer. Returns how much is wrong. A
 * question that fails changes nothing of its kind, and is heard of when the others have been asked.
 */
export async function watch(alerts: Alerts, looks: Looks): Promise<number> {
  const asked = Object.entries(looks) as [AlertKind, () => Promise<NewAlert[]>][];
  const done = await Promise.allSettled(asked.map(([kind, ask]) => look(alerts, kind, ask)));
  const failed = done.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  if (failed.length > 0) throw new AggregateError(failed, 'not everything could be looked at');
  return done.reduce((sum, one) => sum + (one.status === 'fulfilled' ? one.value : 0), 0);
}

async function look(alerts: Alerts, kind: AlertKind, ask: () => Promise<NewAlert[]>): Promise<number> {
  const wrong = await ask();
  const open = await alerts.open(kind);
  const shown = new Set(open.filter((one) => one.shown).map(({ subject }) => subject));
  // What goes on is one occurrence, however often it is looked at.
  for (const alert of wrong) if (!shown.has(alert.subject)) await alerts.raise(alert);
  const still = new Set(wrong.map(({ subject }) => subject));
  for (const { subject } of open) if (!still.has(subject)) await alerts.resolve(kind, subject);
  return wrong.length;
}

/** Resolves what nobody has raised since then: for kinds that are counted, and end by getting quiet. */
export async function settleQuiet(alerts: Alerts, kind: AlertKind, quietSince: Date): Promise<void> {
  for (const { subject } of await alerts.open(kind, { quietSince })) await alerts.resolve(kind, subject);
}
