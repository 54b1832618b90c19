import type { Bench, Case } from './case.ts';
import { startCluster } from './house/cluster.ts';
import { prepareDatabases } from './house/databases.ts';
import { machineOf } from './measure/machine.ts';
import { busiest, profiled } from './measure/statements.ts';
import type { Options } from './options.ts';
import { type Report, reportCase } from './report/report.ts';

/** Runs cases one after the other on a PostgreSQL of their own, each on a database of its own. */
export async function run(cases: readonly Case[], options: Options, say: Bench['say']): Promise<Report> {
  const cluster = await startCluster(options.folder, options.profile ? profiled : {});
  try {
    const databases = await prepareDatabases(cluster.adminUrl);
    const breaches: string[] = [];
    const bench: Bench = { options, cluster, databases, say, breaches };
    const done: Report['cases'] = [];
    for (const { name, measures, run } of cases) {
      say(`${name} …`);
      const began = performance.now();
      // One case that fails must not take with it what the others have measured.
      const figures = await run(bench).catch((error: Error) => {
        breaches.push(`${name} could not be measured: ${error.message}`);
        return [];
      });
      done.push(reportCase(name, measures, figures, (performance.now() - began) / 1000));
      if (options.profile) for (const line of await busiest(cluster.adminUrl)) say(line);
    }
    const { seconds, rounds, quick } = options;
    const machine = machineOf(cluster.folder);
    return {
      at: new Date().toISOString(),
      machine,
      settings: cluster.settings,
      seconds,
      rounds,
      quick,
      cases: done,
      breaches,
    };
  } finally {
    await cluster.stop();
  }
}
