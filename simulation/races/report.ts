/** A schedule that broke something. */
export interface Broken {
  scene: string;
  seed: number;
  broken: readonly string[];
  trace: readonly string[];
}

/** What the schedules of one scene came to. */
export interface SceneReport {
  scene: string;
  schedules: number;
  /** Of each trace, to count those that are like no other. */
  traces: string[];
  steps: number;
  beside: number;
  waits: number;
  deadlocks: number;
  again: number;
  /** Of the processes that played them: where two play side by side, two go by in one. */
  milliseconds: number;
  broken: Broken[];
}

export function emptyReport(scene: string): SceneReport {
  const nothing = { schedules: 0, steps: 0, beside: 0, waits: 0, deadlocks: 0, again: 0, milliseconds: 0 };
  return { scene, ...nothing, traces: [], broken: [] };
}

/** Adds what more schedules of the same scene came to. */
export function add(sum: SceneReport, more: SceneReport): void {
  sum.schedules += more.schedules;
  sum.traces.push(...more.traces);
  sum.steps += more.steps;
  sum.beside += more.beside;
  sum.waits += more.waits;
  sum.deadlocks += more.deadlocks;
  sum.again += more.again;
  sum.milliseconds += more.milliseconds;
  sum.broken.push(...more.broken);
}

const number = new Intl.NumberFormat('en');

/** One line for a scene, in words. */
export function lineOf(report: SceneReport): string {
  const { scene, schedules, traces, steps, beside, waits, deadlocks, again, milliseconds, broken } = report;
  const shown = (n: number) => number.format(n);
  const counts = [
    `${shown(schedules)} schedules`,
    `${shown(new Set(traces).size)} of them distinct`,
    `${(steps / schedules || 0).toFixed(1)} steps each`,
    `${shown(beside)} statements beside an open transaction`,
    `${shown(again)} came again`,
    `${shown(waits)} waited for a lock`,
    `${shown(deadlocks)} deadlocks`,
    `${(milliseconds / schedules || 0).toFixed(0)} ms each`,
    `${shown(broken.length)} broken`,
  ];
  return `${scene.padEnd(22)}${counts.join(', ')}`;
}

/** A broken schedule: what broke, its trace, and how to have it again. */
export function storyOf({ scene, seed, broken, trace }: Broken): string {
  const again = `npm run races -- --scene ${scene} --seed ${seed}`;
  const steps = trace.map((line, n) => `${String(n + 1).padStart(5)}  ${line}`);
  const title = `${broken.length > 0 ? 'BROKEN' : 'whole'}: ${scene}, seed ${seed}`;
  return [title, ...broken.map((words) => `  ${words}`), ...steps, `again: ${again}`].join('\n');
}
