import { writeFileSync } from 'node:fs';
import { chosen } from './cases.ts';
import { readOptions, usage } from './options.ts';
import { inWords } from './report/report.ts';
import { run } from './run.ts';

/** `npm run bench`. Ends with 1 where an invariant is broken; a missed goal is told, and is no error of the run. */
async function main(): Promise<boolean> {
  const options = readOptions(process.argv.slice(2));
  const report = await run(chosen(options.cases), options, (line) => process.stderr.write(`${line}\n`));
  process.stdout.write(inWords(report));
  if (options.json) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  return report.breaches.length === 0;
}

main().then(
  (well) => {
    process.exitCode = well ? 0 : 1;
  },
  (error: unknown) => {
    process.stderr.write(`${(error as Error).stack ?? error}\n${usage}`);
    process.exitCode = 2;
  },
);
