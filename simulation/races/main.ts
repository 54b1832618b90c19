import { parseArgs } from 'node:util';
import { lineOf, storyOf } from './report.ts';
import { playScene } from './run.ts';
import { scenes, unguarded } from './scenes.ts';
import { type Part, playSideBySide } from './side-by-side.ts';
import { openCluster, openStage } from './stage.ts';
import { lineOfNoticed, playUnguarded } from './without-guards.ts';

const usage = `npm run races -- [--schedules N] [--scene name] [--seed S] [--workers W] [--unguarded]
  --schedules  how many, over all scenes (1,500)
  --scene      only this one: ${scenes.map(({ name }) => name).join(', ')}
  --seed       the first seed (1); without --schedules, plays that one and prints its trace
  --workers    processes, each with a PostgreSQL of its own (2)
  --unguarded  takes one guard after the other away, in a copy, and tells when its scene notices`;

const { values } = parseArgs({
  options: {
    schedules: { type: 'string' },
    scene: { type: 'string' },
    seed: { type: 'string' },
    workers: { type: 'string' },
    unguarded: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});

const say = (text: string) => void process.stdout.write(`${text}\n`);
const chosen = scenes.filter(({ name }) => values.scene === undefined || name === values.scene);
const seed = whole(values.seed, 1);

if (values.help || chosen.length === 0) {
  say(usage);
  process.exitCode = values.help ? 0 : 2;
} else if (values.unguarded) await withoutGuards();
else if (values.seed !== undefined && values.schedules === undefined) await one();
else await all(whole(values.schedules, 1_500), whole(values.workers, 2));

/** One schedule, and its trace. */
async function one(): Promise<void> {
  const cluster = await openCluster();
  const stage = await openStage();
  for (const scene of chosen) {
    for (const played of await playScene(stage, scene, [seed])) {
      say(storyOf({ scene: scene.name, ...played }));
      if (played.broken.length > 0) process.exitCode = 1;
    }
  }
  await stage.close();
  await cluster.stop();
}

async function all(schedules: number, workers: number): Promise<void> {
  const each = Math.ceil(schedules / chosen.length);
  const parts: Part[] = chosen.map(({ name }) => ({ scene: name, from: seed, schedules: each }));
  const since = performance.now();
  const reports = await playSideBySide(parts, workers);
  const seconds = (performance.now() - since) / 1_000;
  for (const report of reports) say(lineOf(report));
  const played = reports.reduce((sum, report) => sum + report.schedules, 0);
  const broken = reports.flatMap((report) => report.broken);
  const rate = (played / seconds).toFixed(0);
  say(`${played} schedules in ${seconds.toFixed(0)} s with ${workers} workers, ${rate}/s; ${broken.length} broken`);
  if (broken[0]) say(storyOf(broken[0]));
  process.exitCode = broken.length > 0 ? 1 : 0;
}

async function withoutGuards(): Promise<void> {
  for (const guard of unguarded.filter(({ scene }) => chosen.some(({ name }) => name === scene))) {
    const noticed = await playUnguarded(guard, seed);
    say(lineOfNoticed(noticed));
    if (noticed.after === undefined) process.exitCode = 1;
  }
}

function whole(text: string | undefined, otherwise: number): number {
  const read = text === undefined ? otherwise : Number(text);
  if (!Number.isSafeInteger(read) || read < 1) throw new Error(`${text} is no whole number from 1 on\n${usage}`);
  return read;
}
