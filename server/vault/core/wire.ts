import { type Dispatcher, Pool } from 'undici';
import type { Clock } from '#server/kernel/clock.ts';

export interface Request {
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body: string | undefined;
  /** The request may not begin to leave at or after this moment. */
  sendBefore: Date;
}

export type Reply =
  | { kind: 'answered'; status: number; text: string }
  | { kind: 'not_sent'; code: 'too_late' | 'provider_unreachable' }
  | { kind: 'silent'; why: 'timeout' | 'connection_lost' | 'answer_too_large' };

/** How long an answer is waited for, counted from the asking. */
const patience = 20_000;
/** A list of a hundred payments, as an inquiry may get it, is the largest thing that anybody says. */
const largestAnswer = 1024 * 1024;

/** Kept-alive connections to one provider. It follows no redirects and sends nothing twice. */
export function openPool(url: string): Pool {
  return new Pool(url, {
    connections: 256,
    pipelining: 1,
    connect: { timeout: 5_000 },
    keepAliveTimeout: 20_000,
    // One deadline below governs everything.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}

/**
 * Sends one request and says precisely what is known afterwards. Below undici's `request`, since only the dispatcher
 * tells when the first byte is about to be written: up to there it is `not_sent`, from there on `silent`.
 */
export function exchange(pool: Pool, request: Request, clock: Clock): Promise<Reply> {
  const { promise, resolve } = Promise.withResolvers<Reply>();
  const watcher = new Watcher({ sendBefore: request.sendBefore, clock, resolve });
  const forget = clock.after(patience, () => watcher.giveUp());
  const { method, path, headers, body } = request;
  pool.dispatch({ method, path, headers, body: body ?? null }, watcher);
  return promise.finally(forget);
}

interface Watched {
  sendBefore: Date;
  clock: Clock;
  resolve(reply: Reply): void;
}

/** Follows one request over the wire; the first thing it says is final. */
class Watcher implements Dispatcher.DispatchHandler {
  readonly #watched: Watched;
  #controller: Dispatcher.DispatchController | undefined;
  #leaving = false;
  #over = false;
  #status = 0;
  #size = 0;
  readonly #chunks: Buffer[] = [];

  constructor(watched: Watched) {
    this.#watched = watched;
  }

  /** The connection stands and the next thing that undici does is write. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    const { sendBefore, clock } = this.#watched;
    this.#controller = controller;
    if (this.#over || clock.now() >= sendBefore) this.#fail({ kind: 'not_sent', code: 'too_late' });
    else this.#leaving = true;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > largestAnswer) this.#fail({ kind: 'silent', why: 'answer_too_large' });
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#over = true;
    this.#watched.resolve({ kind: 'answered', status: this.#status, text: Buffer.concat(this.#chunks).toString() });
  }

  onResponseError(): void {
    this.#fail(
      this.#leaving ? { kind: 'silent', why: 'connection_lost' } : { kind: 'not_sent', code: 'provider_unreachable' },
    );
  }

  giveUp(): void {
    this.#fail(this.#leaving ? { kind: 'silent', why: 'timeout' } : { kind: 'not_sent', code: 'provider_unreachable' });
  }

  #fail(reply: Reply): void {
    this.#watched.resolve(reply);
    this.#over = true;
    // Undici tells about the abort as it tells about every error: the second word is not heard.
    if (this.#controller && !this.#controller.aborted) this.#controller.abort(new Error('given up'));
  }
}
