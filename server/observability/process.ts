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
 * What nobody caught has left nobody knows what half done: one line, and exit with 1, so that the supervisor starts the
 * process anew. Comes before whoever listens already, such as a framework that would go on.
 */
export function exitOnUncaught(log: Log): void {
  process.prependListener('uncaughtException', (error) => {
    try {
      log.error({ error }, 'an error that nobody caught ends the process');
    } finally {
      process.exit(1);
    }
  });
}

/**
 * Starts a process, and ends it once at SIGTERM or SIGINT: orderly, or after 4.5 s without what would not end. One that
 * cannot start says so in words and exits with 1.
 */
export async function runProcess(start: () => Promise<Running>): Promise<void> {
  const running = await start().catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  });
  exitOnUncaught(running.log);
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
