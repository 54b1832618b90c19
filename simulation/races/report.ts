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
  milliseconds: number;
  broken: Broken[];
}

export function emptyReport(scene: string): SceneReport {
  const nothing = { schedules: 0, steps: 0, beside: 0, waits: 0, deadlocks: 0, again: 0, milliseconds: 0 };
  return { scene, ...nothing, traces: [], broken: [] };
}

/** The same scene, played by several: they played side by side. */
export function together(reports: readonly SceneReport[]): SceneReport {
  const [first] = reports;
  if (!first) throw new Error('there is nothing to report');
  const sum = (of: (report: SceneReport) => number) => reports.reduce((total, report) => total + of(report), 0);
  return {
    scene: first.scene,
    schedules: sum(({ schedules }) => schedules),
    traces: reports.flatMap(({ traces }) => traces),
    steps: sum(({ steps }) => steps),
    beside: sum(({ beside }) => beside),
    waits: sum(({ waits }) => waits),
    deadlocks: sum(({ deadlocks }) => deadlocks),
    again: sum(({ again }) => again),
    milliseconds: Math.max(...reports.map(({ milliseconds }) => milliseconds)),
    broken: reports.flatMap(({ broken }) => broken),
  };
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
    `${((schedules * 1_000) / milliseconds || 0).toFixed(0)}/s`,
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
