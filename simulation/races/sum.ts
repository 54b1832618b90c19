import { readFileSync } from 'node:fs';
import type { LongRun } from './long-run.ts';
import { add, emptyReport, type SceneReport } from './report.ts';

// The table of the README: of one long run, or of several that have played other seeds.
const runs = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')) as LongRun);
const [first] = runs;
if (!first) throw new Error('name the files that `npm run races -- --schedules N --json file` has written');

const scenes = new Map<string, SceneReport>();
for (const report of runs.flatMap((run) => run.scenes)) {
  const sum = scenes.get(report.scene) ?? emptyReport(report.scene);
  scenes.set(report.scene, sum);
  add(sum, report);
}
const all = emptyReport('all');
for (const report of scenes.values()) add(all, report);

const shown = (n: number) => n.toLocaleString('en-US');
const head =
  'scene | schedules | distinct | steps each | beside an open transaction | came again | waited | deadlocks | broken';
const rowOf = (of: SceneReport) =>
  [
    of.scene,
    shown(of.schedules),
    shown(new Set(of.traces).size),
    (of.steps / of.schedules).toFixed(1),
    ...[of.beside, of.again, of.waits, of.deadlocks, of.broken.length].map(shown),
  ].join(' | ');
const lines = [head, head.replaceAll(/[^|]+/g, '---'), ...[...scenes.values(), all].map(rowOf)];

const seconds = runs.reduce((sum, run) => sum + run.seconds, 0);
const { machine, workers } = first;
const ranges = runs.map(({ from, next }) => `${shown(from)} to ${shown(next - 1)}`).join(', ');
process.stdout.write(`${lines.map((line) => `| ${line} |`).join('\n')}

Seeds ${ranges} of each scene, ${workers} workers, ${(seconds / 60).toFixed(0)} min, ${(all.schedules / seconds).toFixed(0)}/s;
${machine.processor}, Node ${machine.node}, PostgreSQL ${machine.postgres}, commit ${machine.commit}
`);
