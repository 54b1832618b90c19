import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { add, emptyReport, type SceneReport } from './report.ts';

/** Schedules of one scene: as many as asked for, one for each seed from the first on. */
export interface Part {
  scene: string;
  /** The first seed; the others follow it. */
  from: number;
  schedules: number;
  /** Ends with the first breach. */
  untilBroken?: boolean;
}

/** A process of its own that plays one part after the other. */
export interface Player {
  play(part: Part): Promise<SceneReport>;
  /** Resolves when it is gone, and its PostgreSQL with it. */
  end(): Promise<void>;
}

const home = join(import.meta.dirname, '../..');

/** @param root  The tree that it plays: this one, or a copy of it. */
export function openPlayer(root = home): Player {
  const child = fork(join(root, 'simulation/races/part.ts'), {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // Much is made and little is kept: with room for it, the collector comes seldom.
    execArgv: ['--max-semi-space-size=64'],
  });
  const words = child.stderr?.toArray() ?? [];
  const gone = Promise.all([once(child, 'exit'), words]).then(
    ([[code], said]) => new Error(`the schedules ended with ${code}\n${said.join('')}`),
  );
  // Who asks for nothing at that moment need not hear of it.
  gone.catch(() => {});
  return {
    async play(part) {
      const told = once(child, 'message');
      child.send(part);
      const [report] = await Promise.race([told, gone.then((error) => Promise.reject(error))]);
      return report as SceneReport;
    },
    async end() {
      if (child.connected) child.disconnect();
      await gone.catch(() => undefined);
    },
  };
}

export interface Watch {
  /** What all came to so far, whenever one more part was played. */
  heard?(reports: readonly SceneReport[]): void;
  /** Whether it is enough: then what was begun of these seeds is played to its end for every scene, and no more. */
  isOver?(): boolean;
}

/** So many schedules of one scene are handed to a process at once. */
const handful = 50;
/** More is not needed to know that something is wrong with a scene. */
const brokenAtMost = 3;

/** Has so many processes play the parts, the same seeds of all of them first, and puts together what they report. */
export async function playSideBySide(
  parts: readonly Part[],
  workers: number,
  { heard = () => {}, isOver = () => false }: Watch = {},
): Promise<SceneReport[]> {
  const sums = new Map(parts.map(({ scene }) => [scene, emptyReport(scene)]));
  const left = handfuls(parts);
  let begun = -1;
  function next(): Part | undefined {
    const [first] = left;
    if (!first || (isOver() && first.from !== begun)) return undefined;
    begun = first.from;
    left.shift();
    return (sums.get(first.scene)?.broken.length ?? 0) < brokenAtMost ? first : next();
  }
  const players = Array.from({ length: workers }, () => openPlayer());
  const work = players.map(async (player) => {
    for (let part = next(); part; part = next()) {
      const report = await player.play(part);
      const sum = sums.get(part.scene);
      if (sum) add(sum, report);
      heard([...sums.values()]);
    }
  });
  try {
    await Promise.all(work);
  } finally {
    await Promise.all(players.map((player) => player.end()));
  }
  return [...sums.values()];
}

/** In the order of their first seeds. */
function handfuls(parts: readonly Part[]): Part[] {
  return parts
    .flatMap((part) =>
      Array.from({ length: Math.ceil(part.schedules / handful) }, (_, n) => ({
        ...part,
        from: part.from + n * handful,
        schedules: Math.min(handful, part.schedules - n * handful),
      })),
    )
    .sort((a, b) => a.from - b.from);
}
