import { BadSettings } from '#server/kernel/env.ts';
import { run } from './run.ts';
import { readSettings } from './settings.ts';
import { Trouble } from './trouble.ts';

/** `npm start`: the whole product on this machine, until Ctrl-C. */
async function main(): Promise<void> {
  // Logs, traces and books are nobody's business but the owner's.
  process.umask(0o077);
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  if (process.env.npm_lifecycle_event) stopWithParent(stop);
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

/** npm hands a SIGTERM to the shell between us, which dies of it and tells nobody: we notice that it is gone. */
function stopWithParent(stop: AbortController): void {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid !== parent) stop.abort();
  }, 500);
  stop.signal.addEventListener('abort', () => clearInterval(watch));
  watch.unref();
}

await main();
