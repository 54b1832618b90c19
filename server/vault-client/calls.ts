import type { Dispatcher } from 'undici';
import { z } from 'zod';
import type { Clock } from '#server/kernel/clock.ts';
import { type Lane, makeLane } from '#server/kernel/lane.ts';
import { traceHeaders } from '#server/observability/trace.ts';

/** What came back: the status, and JSON. */
export interface Said {
  status: number;
  body: unknown;
}

export interface CallsSeams {
  /** The vault's internal address, without a trailing slash. */
  url: string;
  agent: Dispatcher;
  clock: Clock;
}

interface Call {
  text: string;
  trace: Record<string, string>;
  /** Answered, lost or given up. What comes after that is not heard. */
  over: boolean;
  answer(said: Said): void;
  fail(why: unknown): void;
  /** Its time is over, and what was asked may be on its way. */
  givenUp(): void;
}

/** Calls and characters of one request at most; the vault takes no more. */
const most = { calls: 100, text: 256 * 1024 };
const oneType = { 'content-type': 'application/json' };
const manyType = { 'content-type': 'application/x-ndjson' };
const lineForm = z.object({ call: z.int().min(0), status: z.int(), body: z.unknown() });

/**
 * Asks the vault's doors. What is asked at one door in one turn of the event loop shares a request, one call a line,
 * and the answers come one a line as they are there; a lone call goes alone, and waits for nobody.
 *
 * @param patience  Milliseconds from the call; then it rejects with a `TimeoutError`, and may be on its way. Undici's
 *                  own clocks are coarse and start late.
 * @throws          What the wire said, where an answer was lost.
 */
export function makeCalls(seams: CallsSeams) {
  const lanes = new Map<string, Lane<Call>>();
  const laneTo = (path: string): Lane<Call> => {
    // A request lasts as long as its slowest call does, and keeps no other from leaving.
    const width = Number.POSITIVE_INFINITY;
    const lane = lanes.get(path) ?? makeLane({ ...seams, width, take }, (batch) => carry(seams, path, batch));
    lanes.set(path, lane);
    return lane;
  };
  return (path: string, body: object, patience: number): Promise<Said> => {
    const { call, said } = begin(body, patience, seams.clock);
    laneTo(path).join(call);
    return said;
  };
}

function begin(body: object, patience: number, clock: Clock): { call: Call; said: Promise<Said> } {
  const { promise, resolve, reject } = Promise.withResolvers<Said>();
  const end = (settle: () => void) => {
    if (call.over) return;
    call.over = true;
    forget();
    settle();
  };
  const call: Call = {
    text: JSON.stringify(body),
    trace: traceHeaders(),
    over: false,
    answer: (said) => end(() => resolve(said)),
    fail: (why) => end(() => reject(why)),
    givenUp() {},
  };
  const forget = clock.after(patience, () => {
    call.fail(new DOMException('The time is up.', 'TimeoutError'));
    call.givenUp();
  });
  return { call, said: promise };
}

function take(waiting: Call[]): { batch: Call[]; rest: Call[] } {
  let [count, size] = [0, 0];
  for (const { text } of waiting) {
    size += text.length;
    if (count > 0 && (count === most.calls || size > most.text)) break;
    count += 1;
  }
  return { batch: waiting.slice(0, count), rest: waiting.slice(count) };
}

function carry({ url, agent }: CallsSeams, path: string, batch: Call[]): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const hearer = new Hearer(batch, resolve);
  const [first] = batch;
  const alone = batch.length === 1 && first;
  const headers = alone ? { ...oneType, ...alone.trace } : manyType;
  const body = alone ? alone.text : batch.map(lineOf).join('\n');
  try {
    agent.dispatch({ origin: url, path, method: 'POST', headers, body }, hearer);
  } catch (error) {
    hearer.lose(error);
  }
  return promise;
}

function lineOf({ trace, text }: Call): string {
  return `{"trace":${JSON.stringify(trace)},"body":${text}}`;
}

/**
 * Hears what becomes of a request, and tells each of its calls. Below undici's `request`, which makes a stream of every
 * answer.
 */
class Hearer implements Dispatcher.DispatchHandler {
  readonly #batch: readonly Call[];
  readonly #done: () => void;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #unread: Buffer[] = [];

  constructor(batch: readonly Call[], done: () => void) {
    this.#batch = batch;
    this.#done = done;
    for (const call of batch) call.givenUp = () => this.#endUnlessAwaited();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#endUnlessAwaited();
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#unread.push(chunk);
    if (!this.#isOfLines() || !chunk.includes('\n')) return;
    const bytes = Buffer.concat(this.#unread);
    const end = bytes.lastIndexOf('\n');
    this.#unread = [bytes.subarray(end + 1)];
    for (const line of bytes.toString('utf8', 0, end).split('\n')) {
      const { call, ...said } = lineForm.parse(JSON.parse(line));
      this.#batch[call]?.answer(said);
    }
  }

  onResponseEnd(): void {
    try {
      // One answer is all calls' own: of many, the vault has then looked at none.
      const said = this.#isOfLines() ? undefined : this.#whole();
      if (said) for (const call of this.#batch) call.answer(said);
      this.lose(new Error('the vault has left a call without an answer'));
    } catch (error) {
      this.lose(error);
    }
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.lose(error);
  }

  /** Those who were told know; the others never will. */
  lose(why: unknown): void {
    for (const call of this.#batch) call.fail(why);
    this.#done();
  }

  #whole(): Said {
    return { status: this.#status, body: JSON.parse(Buffer.concat(this.#unread).toString()) };
  }

  #isOfLines(): boolean {
    return this.#batch.length > 1 && this.#status === 200;
  }

  #endUnlessAwaited(): void {
    if (this.#batch.every(({ over }) => over)) this.#controller?.abort(new Error('nobody waits for it any more'));
  }
}
