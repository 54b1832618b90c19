import { parseArgs } from 'node:util';
import { endOf, playLong } from './long-run.ts';
import { storyOf } from './report.ts';
import { playScene } from './run.ts';
import { scenes, unguarded } from './scenes.ts';
import { openCluster, openStage } from './stage.ts';
import { lineOfNoticed, playUnguarded } from './without-guards.ts';

const usage = `npm run races -- [--schedules N] [--from S] [--scene name] [--seed S] [--workers W] [--json file] [--unguarded]
  --schedules  how many, over all scenes (1,500)
  --from       the first seed of each scene (1); Ctrl-C ends early, and tells which one is next
  --scene      only this one: ${scenes.map(({ name }) => name).join(', ')}
  --seed       plays this one alone, and prints its trace
  --workers    processes, each with a PostgreSQL of its own (2)
  --json       a file for what it came to: written every 2,000 schedules and at the end
  --unguarded  takes one guard after the other away, in a copy, and tells when its scene notices`;

const { values } = parseArgs({
  options: {
    schedules: { type: 'string' },
    scene: { type: 'string' },
    seed: { type: 'string' },
    from: { type: 'string' },
    workers: { type: 'string' },
    json: { type: 'string' },
    unguarded: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});

const say = (text: string) => void process.stdout.write(`${text}\n`);
const chosen = scenes.filter(({ name }) => values.scene === undefined || name === values.scene);
const from = whole(values.from, 1);

if (values.help || chosen.length === 0) {
  say(usage);
  process.exitCode = values.help ? 0 : 2;
} else if (values.unguarded) await withoutGuards();
else if (values.seed !== undefined) await one(whole(values.seed, 1));
else await all(whole(values.schedules, 1_500));

/** One schedule, and its trace. */
async function one(seed: number): Promise<void> {
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

async function all(schedules: number): Promise<void> {
  const each = Math.ceil(schedules / chosen.length);
  const names = chosen.map(({ name }) => name);
  const run = await playLong({ scenes: names, from, each, workers: whole(values.workers, 2), json: values.json }, say);
  say(endOf(run));
  process.exitCode = run.scenes.some(({ broken }) => broken.length > 0) ? 1 : 0;
}

async function withoutGuards(): Promise<void> {
  for (const guard of unguarded.filter(({ scene }) => chosen.some(({ name }) => name === scene))) {
    const noticed = await playUnguarded(guard, from);
    say(lineOfNoticed(noticed));
    if (noticed.after === undefined) process.exitCode = 1;
  }
}

function whole(text: string | undefined, otherwise: number): number {
  const read = text === undefined ? otherwise : Number(text);
  if (!Number.isSafeInteger(read) || read < 1) throw new Error(`${text} is no whole number from 1 on\n${usage}`);
  return read;
}
