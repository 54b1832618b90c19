import type { Disk } from '../core/journal.ts';

/** A disk whose writes end when the test says so. */
export function heldDisk() {
  const writes: { text: string; done: PromiseWithResolvers<void> }[] = [];
  const disk: Disk = {
    write(text) {
      const done = Promise.withResolvers<void>();
      writes.push({ text, done });
      return done.promise;
    },
    close: async () => undefined,
  };
  return { disk, writes };
}

/** The event loop went round once. */
export const turn = () => new Promise<void>((done) => setImmediate(done));

/** Whether a promise is settled by the next turn of the event loop. */
export async function state(promise: Promise<unknown>): Promise<'pending' | 'settled'> {
  const pending = Symbol('pending');
  return (await Promise.race([promise, turn().then(() => pending)])) === pending ? 'pending' : 'settled';
}
