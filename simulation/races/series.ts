import type { Scene } from './cast.ts';
import { emptyReport, type SceneReport } from './report.ts';
import { fingerprint, type Played, playScene } from './run.ts';
import type { Part } from './side-by-side.ts';
import { openStage, type Stage } from './stage.ts';

export interface Series extends Omit<Part, 'scene'> {
  scene: Scene;
}

/** So many are prepared, and judged, at once; and so many where the first breach is all that is asked for. */
const many = 50;
const few = 10;
/** After so many the tables are large: the next ones meet in a new database. */
const perDatabase = 5_000;
/** More is not needed to know that something is wrong. */
const brokenAtMost = 3;

/** Plays scenes one after the other, each seed once, until something breaks. */
export async function playSeries(series: readonly Series[]): Promise<SceneReport[]> {
  const reports: SceneReport[] = [];
  let stage: Stage | undefined;
  let played = 0;
  for (const { scene, from, schedules, untilBroken = false } of series) {
    const [atOnce, most] = untilBroken ? [few, 1] : [many, brokenAtMost];
    const report = emptyReport(scene.name);
    reports.push(report);
    for (let n = 0; n < schedules && report.broken.length < most; n += atOnce) {
      stage ??= await openStage();
      const seeds = Array.from({ length: Math.min(atOnce, schedules - n) }, (_, k) => from + n + k);
      const since = performance.now();
      const together = await playScene(stage, scene, seeds);
      report.milliseconds += performance.now() - since;
      count(report, together);
      played += together.length;
      if (played < perDatabase && !together.some(({ brokeOff }) => brokeOff)) continue;
      await stage.close();
      stage = undefined;
      played = 0;
    }
  }
  await stage?.close();
  return reports;
}

function count(report: SceneReport, played: readonly Played[]): void {
  for (const { seed, trace, figures, broken } of played) {
    report.schedules += 1;
    report.traces.push(fingerprint(trace));
    report.steps += figures.steps;
    report.beside += figures.beside;
    report.waits += figures.waits;
    report.deadlocks += figures.deadlocks;
    report.again += figures.again;
    if (broken.length > 0) report.broken.push({ scene: report.scene, seed, broken, trace });
  }
}
