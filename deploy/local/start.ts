import { BadSettings } from '#server/kernel/env.ts';
import { run } from './run.ts';
import { readSettings } from './settings.ts';
import { Trouble } from './trouble.ts';

/** `npm start`: the whole product on this machine, until Ctrl-C. */
async function main(): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // The second time somebody is in a hurry: without us all processes end by themselves.
      if (stop.signal.aborted) process.exit(1);
      stop.abort();
    });
  }
  // A closed terminal is no reason to fail.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  try {
    await run(readSettings(process.env), stop.signal);
  } catch (error) {
    if (stop.signal.aborted) return;
    const ours = error instanceof Trouble || error instanceof BadSettings;
    process.stderr.write(`\n${ours ? error.message : (error as Error).stack}\n`);
    process.exitCode = 1;
  }
}

await main();
