import type { Engine } from '../engine/engine.ts';
import type { Plan, PlannedFault, ProviderName } from '../plan.ts';
import type { HeldAcquirer } from './acquirer.ts';
import type { Letter } from './vault.ts';

export type AcquirerFault = Extract<PlannedFault, { on: 'acquirer' }>;

export interface AcquirerFaultSeams {
  engine: Engine;
  plan: Pick<Plan, 'faults'>;
  acquirers: Record<ProviderName, HeldAcquirer>;
}

/** Of each fault, once per payment: that it struck, and that it made a difference. */
export interface Count {
  injected(fault: AcquirerFault, n: number | undefined): void;
  took(fault: AcquirerFault, n: number | undefined): void;
}

/** Whether a fault has begun, has not ended, and means this letter. */
export function strikes(fault: AcquirerFault, letter: Letter, now: number, lasts = Number.POSITIVE_INFINITY): boolean {
  const { at, milliseconds = lasts, payment, provider } = fault;
  const meant = payment === undefined ? provider === letter.provider : payment === letter.n;
  return meant && now >= at && now < at + milliseconds;
}

export function makeCount({ tally, note }: Engine): Count {
  const counted = new Set<string>();
  const first = (what: string) => !counted.has(what) && counted.add(what);
  return {
    injected({ id, kind }, n) {
      if (n === undefined || !first(`${id}/${n}`)) return;
      tally.injected(kind);
      note(`fault ${id} ${kind} strikes #${n}`);
    },
    took({ id, kind }, n) {
      if (n === undefined || !first(`${id}/${n} took`)) return;
      tally.took(kind, [n]);
      note(`fault ${id} ${kind} took effect on #${n}`);
    },
  };
}
