import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Clock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { continueTrace } from '#server/observability/trace.ts';
import { type Problem, shownProblem } from '#server/workload/problem.ts';
import { isOfType, parseJson, readText, shaped } from './json-body.ts';

const mostCalls = 100;
const largestBody = 1024 * 1024;

/** One call of many: its body, and the headers that name its trace. */
const lineForm = z.strictObject({ trace: z.record(z.string(), z.string().max(200)), body: z.unknown() });

export function isLines(request: IncomingMessage): boolean {
  return isOfType(request, /^application\/x-ndjson$/i);
}

export interface Dealing {
  /** Bytes of one call at most. */
  largest: number;
  deal(body: unknown): Promise<unknown>;
  refused(error: unknown): Problem;
  clock: Pick<Clock, 'idle'>;
}

/**
 * Answers calls of one door that came together, one a line. Each is dealt with as if it had come alone: what is wrong
 * with one is told to that one, and none waits for another. Answers leave as they are there, those of one turn of the
 * event loop together.
 *
 * @throws Refusal `too_large` or `invalid_input` while none of them is dealt with.
 */
export async function answerLines(request: IncomingMessage, response: ServerResponse, dealing: Dealing): Promise<void> {
  const lines = (await readText(request, largestBody)).split('\n').filter((line) => line !== '');
  if (lines.length > mostCalls) throw new Refusal('too_large', `Send at most ${mostCalls} calls at once.`);
  let ready = '';
  const tell = (line: string) => {
    if (ready === '') dealing.clock.idle(flush);
    ready += line;
  };
  const flush = () => {
    if (ready !== '') response.write(ready);
    ready = '';
  };
  response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
  await Promise.all(
    lines.map(async (line, call) => tell(`${JSON.stringify({ call, ...(await answerOf(line, dealing)) })}\n`)),
  );
  response.end(ready);
  ready = '';
}

async function answerOf(line: string, { largest, deal, refused }: Dealing): Promise<{ status: number; body: unknown }> {
  try {
    if (Buffer.byteLength(line) > largest) throw new Refusal('too_large', `Send at most ${largest} bytes.`);
    const { trace, body } = shaped(parseJson(line), lineForm);
    return { status: 200, body: await continueTrace(trace, () => deal(body)) };
  } catch (error) {
    const problem = refused(error);
    return { status: problem.status, body: shownProblem(problem) };
  }
}
