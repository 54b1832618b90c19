import { fork } from 'node:child_process';
import { join } from 'node:path';
import { type SceneReport, together } from './report.ts';

/** Schedules of one scene that one process plays: as many as asked for, one for each seed from the first on. */
export interface Part {
  scene: string;
  /** The first seed; the others follow it. */
  from: number;
  schedules: number;
  /** Ends with the first breach. */
  untilBroken?: boolean;
}

const home = join(import.meta.dirname, '../..');

/** Has a process of its own play them, from this tree or from a copy of it. */
export function playApart(parts: readonly Part[], root = home): Promise<SceneReport[]> {
  const child = fork(join(root, 'simulation/races/part.ts'), {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // Much is made and little is kept: with room for it, the collector comes seldom.
    execArgv: ['--max-semi-space-size=64'],
  });
  let words = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    words += String(chunk);
  });
  return new Promise((resolve, reject) => {
    child.once('message', (reports: SceneReport[]) => resolve(reports));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the schedules ended with ${code} and without a report\n${words}`)));
    child.send(parts);
  });
}

/** Splits the seeds of each scene between so many processes, and puts together what they report. */
export async function playSideBySide(parts: readonly Part[], workers: number): Promise<SceneReport[]> {
  const shares = Array.from({ length: workers }, (_, worker) => parts.map((part) => share(part, worker, workers)));
  const reports = await Promise.all(shares.map((of) => playApart(of.filter(({ schedules }) => schedules > 0))));
  return parts.map(({ scene }) => together(reports.flat().filter((report) => report.scene === scene)));
}

function share(part: Part, worker: number, workers: number): Part {
  const { from, schedules } = part;
  const first = Math.floor((schedules * worker) / workers);
  return { ...part, from: from + first, schedules: Math.floor((schedules * (worker + 1)) / workers) - first };
}
