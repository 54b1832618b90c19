import type { VaultClient } from '#server/vault-client/vault-client.ts';
import type { Engine, Life } from '../engine/engine.ts';
import type { FaultKind } from '../faults.ts';
import { type Plan, type PlannedFault, type ProcessName, processNames } from '../plan.ts';
import type { Processes } from './processes.ts';
import type { Traffic } from './traffic.ts';
import type { Trouble } from './trouble.ts';

type ProcessFault = Extract<PlannedFault, { on: 'process' }>;

/** What the plan has against whole processes. */
export interface Mishaps {
  /** Sets the clock for them. */
  await(processes: Processes): void;
  /** The vault as a process hears it: it may die with an answer in its hands. */
  heard(life: Life, vault: VaultClient): VaultClient;
}

/** Virtual milliseconds into what it has to do, at the most, that it strikes: a request takes longer than a job. */
const depth = { api: 70, worker: 8 };

/** Virtual milliseconds. Frozen for longer than a claimed key is held, or a question is waited for. */
const lasts: Partial<Record<FaultKind, number>> = { F7: 240_000, F38: 120_000, F39: 60_000 };
const furthestOff = 120_000;

export function makeMishaps(engine: Engine, plan: Plan, trouble: Trouble, traffic: Traffic): Mishaps {
  const dieWithAnswer = new Set<ProcessName>();

  /** Where there is nothing to be lost it waits until there is: half of the time a process has nothing to do. */
  function happen(fault: ProcessFault, processes: Processes, turn = 0): void {
    const { id, kind, process } = fault;
    if (kind === 'F4') {
      trouble.injected(kind);
      dieWithAnswer.add(process);
      return;
    }
    const struck = isOfAll(kind) ? processes.all() : [processes.running(process)];
    const lives = struck.flatMap((one) => (one ? [one.life] : []));
    const busy = lives.filter((life) => traffic.isBusy(life));
    const isThere = busy.length > 0 && (!isOfAll(kind) || lives.length === processNames.length);
    if (!isThere) {
      const later = 1 + engine.dice.whole(`into/${id}/${turn}`, process.startsWith('api') ? depth.api : depth.worker);
      const isMeant = ({ name }: Life) => isOfAll(kind) || name === process;
      traffic.onceBusy(isMeant, () => void engine.after(later, () => happen(fault, processes, turn + 1)));
      return;
    }
    trouble.injected(kind);
    trouble.took(kind, ...busy);
    for (const life of lives) strike(life, fault);
  }

  function strike(life: Life, { kind, id, milliseconds = lasts[kind] ?? 0 }: ProcessFault): void {
    if (kind === 'F38') {
      life.skew = Math.round((2 * engine.dice.of(`skew/${id}`) - 1) * furthestOff);
      engine.after(milliseconds, () => {
        life.skew = 0;
      });
    } else if (kind === 'F7' || kind === 'F39') life.freeze(milliseconds);
    else life.end(kind);
  }

  return {
    await(processes) {
      for (const fault of plan.faults) {
        // Two workers at one operation are brought about where they claim it.
        if (fault.on === 'process' && fault.kind !== 'F58') engine.after(fault.at, () => happen(fault, processes));
      }
    },
    heard: (life, vault) => ({
      ...vault,
      async send(parcel) {
        const sent = await vault.send(parcel);
        const dies = sent.kind === 'answered' && dieWithAnswer.delete(life.name as ProcessName);
        return dies ? trouble.die(life, 'F4') : sent;
      },
    }),
  };
}

function isOfAll(kind: FaultKind): boolean {
  return kind === 'F39' || kind === 'F50';
}
