import { type Dispatcher, request } from 'undici';
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

async function carry({ url, agent }: CallsSeams, path: string, batch: Call[]): Promise<void> {
  const nobodyWaits = new AbortController();
  for (const call of batch) {
    call.givenUp = () => {
      if (batch.every(({ over }) => over)) nobodyWaits.abort();
    };
  }
  const [first] = batch;
  const alone = batch.length === 1 && first;
  try {
    const { statusCode: status, body } = await request(`${url}${path}`, {
      method: 'POST',
      dispatcher: agent,
      headers: alone ? { ...oneType, ...alone.trace } : manyType,
      body: alone ? alone.text : batch.map(lineOf).join('\n'),
      signal: nobodyWaits.signal,
    });
    if (!alone && status === 200) return await hear(body, batch);
    // Of many, too: then the vault has looked at none of them.
    const said = { status, body: await body.json() };
    for (const call of batch) call.answer(said);
  } catch (error) {
    for (const call of batch) call.fail(error);
  }
}

function lineOf({ trace, text }: Call): string {
  return `{"trace":${JSON.stringify(trace)},"body":${text}}`;
}

async function hear(body: Dispatcher.ResponseData['body'], batch: readonly Call[]): Promise<void> {
  let rest = '';
  for await (const text of body.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const { call, ...said } = lineForm.parse(JSON.parse(line));
      batch[call]?.answer(said);
    }
  }
  for (const call of batch) call.fail(new Error('the vault has left a call without an answer'));
}
