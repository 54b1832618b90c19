import type { Clock } from '#server/kernel/clock.ts';
import type { Running } from './child.ts';

export interface Service {
  name: string;
  /** Starts it and waits until it is healthy. When `signal` aborts it leaves nothing behind. @throws Trouble */
  start(signal: AbortSignal): Promise<Running>;
}

export interface BackOff {
  first: number;
  most: number;
  /** Running this long, in ms, makes the next pause the first again. */
  steady: number;
}

const usual: BackOff = { first: 200, most: 10_000, steady: 30_000 };

export interface Seams {
  clock: Clock;
  /** Told what happened to a service, in a sentence. */
  report: (sentence: string) => void;
  backOff?: BackOff;
}

/**
 * Starts a service and from then on starts it again whenever it ends, after a pause that doubles.
 *
 * @throws Trouble where the first start fails: a product that never ran is not worth retrying.
 */
export async function supervise(service: Service, { clock, report, backOff = usual }: Seams, signal: AbortSignal) {
  let running = await service.start(signal);
  const stopping = new AbortController();
  const stopped = stopping.signal;

  async function watch(): Promise<void> {
    for (let pause = backOff.first; ; ) {
      const begun = clock.now().getTime();
      const how = await running.gone;
      if (stopped.aborted) return;
      if (clock.now().getTime() - begun >= backOff.steady) pause = backOff.first;
      report(`${service.name} ended (${how}) and is started again.`);
      for (let again: Running | undefined; !again; pause = Math.min(pause * 2, backOff.most)) {
        await clock.sleep(pause, stopped);
        again = await service.start(stopped).catch((error: Error) => void report(error.message));
        if (again) running = again;
        if (stopped.aborted) return void (await again?.stop());
      }
    }
  }

  const watching = watch().catch((error) => {
    if (!stopped.aborted) throw error;
  });
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await running.stop();
      await watching;
    },
  };
}
