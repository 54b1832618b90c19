import type { Scene } from './cast.ts';
import { emptyReport, type SceneReport } from './report.ts';
import { fingerprint, type Played, playScene } from './run.ts';
import type { Part } from './side-by-side.ts';
import { openStage, type Stage } from './stage.ts';

/** Plays parts one after the other, in databases that several of them share. */
export interface Series {
  /** Each seed once; with `untilBroken` until something breaks. */
  play(part: Omit<Part, 'scene'> & { scene: Scene }): Promise<SceneReport>;
  close(): Promise<void>;
}

/** So many are prepared, and judged, at once; and so many where the first breach is all that is asked for. */
const many = 50;
const few = 10;
/** After so many the tables are large: the next ones meet in a new database. */
const perDatabase = 2_000;

export function makeSeries(): Series {
  let stage: Stage | undefined;
  let played = 0;

  async function close(): Promise<void> {
    await stage?.close();
    stage = undefined;
    played = 0;
  }

  return {
    async play({ scene, from, schedules, untilBroken = false }) {
      const atOnce = untilBroken ? few : many;
      const report = emptyReport(scene.name);
      for (let n = 0; n < schedules && !(untilBroken && report.broken.length > 0); n += atOnce) {
        stage ??= await openStage();
        const seeds = Array.from({ length: Math.min(atOnce, schedules - n) }, (_, k) => from + n + k);
        const since = performance.now();
        const together = await playScene(stage, scene, seeds);
        report.milliseconds += performance.now() - since;
        count(report, together);
        played += together.length;
        if (played >= perDatabase || together.some(({ brokeOff }) => brokeOff)) await close();
      }
      return report;
    },
    close,
  };
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
