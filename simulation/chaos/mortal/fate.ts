import { AsyncLocalStorage } from 'node:async_hooks';
import type { Failpoint } from '#db/failpoints.ts';

/** What a process that may be killed is told. */
export interface Orders {
  /** Begin to serve, with these settings on top of the environment. */
  serve?: Record<string, string>;
  /** At the first passing of one of these, with its operation still in flight, the signal is sent to oneself. */
  fate?: { signal: 'SIGKILL' | 'SIGSTOP'; at: readonly string[] };
}

/** What it tells. */
export type Word =
  | { word: 'warm' }
  /** How often each pair of operation and failpoint was passed since the last word. */
  | { word: 'passed'; passed: Record<string, number> }
  | { word: 'struck'; at: string; inFlight: string; signal: 'SIGKILL' | 'SIGSTOP' };

/** What a process is doing when it passes a place. */
export interface Operation {
  /** Whose place it is: `refund`, `sweep alder`. */
  name: string;
  /** The request or run itself, to be found in the logs. */
  about: string;
  /** Commits of payments that it has begun: a request has several, and each is another moment to die. */
  commits?: number;
  isOpen: boolean;
}

export const current = new AsyncLocalStorage<Operation>();

/** Where no operation of ours leads the way: at the start of a process. */
const nobody = 'nobody';
const every = 500;

/** The name of a pair: `refund#2 payments.commit:before`. */
function pairOf(operation: Operation | undefined, place: string): string {
  if (!operation) return `${nobody} ${place}`;
  const isNumbered = place.startsWith('payments.commit:') && operation.commits !== undefined;
  const nth = isNumbered ? `#${operation.commits}` : '';
  return `${operation.name}${nth} ${place}`;
}

/**
 * Waits, warm, until told to serve; then counts what is passed, and ends where its fate says so.
 *
 * @param operationNow  What leads the way at this moment.
 * @param hasWork       Whether there is anything to lose here: a death with nothing in flight proves nothing.
 */
export async function awaitOrders(
  operationNow: () => Operation | undefined,
  hasWork: (place: string) => Promise<boolean> | boolean = () => true,
): Promise<Failpoint> {
  let passed: Record<string, number> = {};
  let fate: Orders['fate'];
  const serve = Promise.withResolvers<void>();
  const tell = (word: Word) => void process.send?.(word);
  process.on('disconnect', () => process.exit(1));
  process.on('message', (orders: Orders) => {
    fate = orders.fate ?? fate;
    if (orders.serve === undefined) return;
    Object.assign(process.env, orders.serve);
    serve.resolve();
  });
  setInterval(() => {
    if (Object.keys(passed).length > 0) tell({ word: 'passed', passed });
    passed = {};
  }, every).unref();
  tell({ word: 'warm' });
  await serve.promise;
  return async (place) => {
    const operation = operationNow();
    if (operation?.commits !== undefined && place === 'payments.commit:begin') operation.commits += 1;
    const at = pairOf(operation, place);
    passed[at] = (passed[at] ?? 0) + 1;
    if (!operation?.isOpen || !fate?.at.includes(at) || !(await hasWork(place)) || !fate) return;
    const { signal } = fate;
    fate = undefined;
    tell({ word: 'struck', at, inFlight: operation.about, signal });
    process.kill(process.pid, signal);
    // A signal to oneself may arrive a turn later: nothing happens before.
    await new Promise((resolve) => setTimeout(resolve, signal === 'SIGSTOP' ? 50 : 60_000));
  };
}
