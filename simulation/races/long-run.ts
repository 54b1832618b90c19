import { writeFileSync } from 'node:fs';
import { type Machine, machine } from '#server/observability/machine.ts';
import { lineOf, type SceneReport, storyOf } from './report.ts';
import { playSideBySide } from './side-by-side.ts';

/** What a long run came to, as far as it got: written as it goes, and added up by `sum.ts`. */
export interface LongRun {
  command: string;
  machine: Machine;
  workers: number;
  seconds: number;
  /** Of each scene, all seeds from `from` up to, and without, `next`. */
  from: number;
  next: number;
  scenes: readonly SceneReport[];
}

export interface Asked {
  scenes: readonly string[];
  from: number;
  /** Schedules of each scene. */
  each: number;
  workers: number;
  /** A file that is written with each piece of news. */
  json: string | undefined;
}

/** News come each time that so many more schedules were played. */
const newsEvery = 2_000;

/** Plays many schedules, tells how far it got, and ends early, with a report, where a signal asks for it. */
export async function playLong(asked: Asked, say: (text: string) => void): Promise<LongRun> {
  const { scenes, from, each, workers } = asked;
  const since = performance.now();
  const on = machine();
  let isOver = false;
  const stop = () => {
    isOver = true;
    say('It stops as soon as what is under way is played.');
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.once(signal, stop);
  const runOf = (reports: readonly SceneReport[]): LongRun => ({
    command: ['npm run races --', ...process.argv.slice(2)].join(' '),
    machine: on,
    workers,
    seconds: (performance.now() - since) / 1_000,
    from,
    next: from + Math.min(...reports.map(({ schedules }) => schedules)),
    scenes: reports,
  });
  let told = 0;
  const heard = (reports: readonly SceneReport[]) => {
    const played = playedIn(reports);
    if (played < told + newsEvery) return;
    told = played - (played % newsEvery);
    const run = runOf(reports);
    say(news(run, each * scenes.length));
    write(asked, run);
  };
  const parts = scenes.map((scene) => ({ scene, from, schedules: each }));
  const run = runOf(await playSideBySide(parts, workers, { heard, isOver: () => isOver }));
  for (const signal of signals) process.off(signal, stop);
  write(asked, run);
  return run;
}

/** What it came to, in words. */
export function endOf(run: LongRun): string {
  const { scenes, seconds, workers, from, next } = run;
  const [broken] = scenes.flatMap((scene) => scene.broken);
  return [
    ...scenes.map(lineOf),
    `${counted(run)} in ${seconds.toFixed(0)} s with ${workers} workers, ${rate(run)}/s; ${brokenIn(scenes)} broken`,
    `seeds ${from} to ${next - 1} of each scene; what follows them: --from ${next}`,
    ...(broken ? [storyOf(broken)] : []),
  ].join('\n');
}

function news(run: LongRun, of: number): string {
  return `${counted(run)} of ${of} after ${run.seconds.toFixed(0)} s, ${rate(run)}/s; ${brokenIn(run.scenes)} broken`;
}

function counted({ scenes }: LongRun): string {
  return `${playedIn(scenes)} schedules`;
}

function rate({ scenes, seconds }: LongRun): string {
  return (playedIn(scenes) / seconds).toFixed(0);
}

function playedIn(reports: readonly SceneReport[]): number {
  return reports.reduce((sum, { schedules }) => sum + schedules, 0);
}

function brokenIn(reports: readonly SceneReport[]): number {
  return reports.reduce((sum, { broken }) => sum + broken.length, 0);
}

function write({ json }: Asked, run: LongRun): void {
  if (json) writeFileSync(json, `${JSON.stringify(run)}\n`);
}
