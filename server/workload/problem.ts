import type { ServerResponse } from 'node:http';
import { Refusal } from '#server/kernel/refusal.ts';
import type { Log } from '#server/observability/log.ts';

/** An error between processes. @see RFC 9457; `code` and `param` are its extension members. */
export interface Problem {
  status: number;
  code: string;
  detail: string;
  param?: string | undefined;
}

/** What may be told of an error: a refusal as it is, anything else as "ours". */
export function problemOf(error: unknown): Problem {
  if (error instanceof Refusal) {
    return { status: error.status, code: error.code, detail: error.message, param: error.param };
  }
  return { status: 500, code: 'internal', detail: 'Something went wrong on our side.' };
}

/** The same, with a line in the log that says who met it where. */
export function noted(error: unknown, { log, peer, route }: { log: Log; peer: string; route: string }): Problem {
  const problem = problemOf(error);
  const fields = { peer, route, code: problem.code };
  if (problem.status === 500) log.error({ ...fields, error }, 'workload: a call failed');
  else log.warn(fields, 'workload: a call was refused');
  return problem;
}

/** As it is written. */
export function shownProblem(problem: Problem): object {
  return { type: `urn:florin:problem:${problem.code}`, ...problem };
}

/** Writes the problem, or cuts the connection where an answer had already begun. */
export function answerProblem(response: ServerResponse, problem: Problem): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(problem.status, { 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(shownProblem(problem)));
}
