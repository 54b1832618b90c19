import type { Log } from './log.ts';

/** A process that has started. */
export interface Running {
  log: Log;
  /** Ends what is under way, then closes what is open. */
  stop(): Promise<void>;
}

/** Whoever stops a process waits five seconds at most. */
const longest = 4_500;

/**
 * Starts a process, and ends it once at SIGTERM or SIGINT: orderly, or after 4.5 s without what would not end. One that
 * cannot start says so in words and exits with 1.
 */
export async function runProcess(start: () => Promise<Running>): Promise<void> {
  const running = await start().catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  });
  let stopping = false;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (stopping) return;
    stopping = true;
    running.log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(0), longest).unref();
    await running.stop();
    process.exit(0);
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}
