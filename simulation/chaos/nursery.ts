import { type Child, type Program, spawnChild } from './child.ts';

/** Processes that have loaded their code and wait: a start costs a second of a core, and kills come faster. */
export interface Nursery {
  /** One that is warm, or will be; another one takes its place. */
  take(): Promise<Child>;
  close(): Promise<void>;
}

export function makeNursery(program: Program, size: number): Nursery {
  let isClosed = false;
  const waiting = new Set<Child>();

  function raise(): void {
    if (isClosed) return;
    const child = spawnChild(program);
    waiting.add(child);
    void child.gone.then(() => {
      if (waiting.delete(child)) raise();
    });
  }

  for (let n = 0; n < size; n += 1) raise();
  return {
    async take() {
      const [child = spawnChild(program)] = waiting;
      waiting.delete(child);
      raise();
      await child.warm;
      return child;
    },
    async close() {
      isClosed = true;
      const left = [...waiting];
      waiting.clear();
      for (const child of left) child.signal('SIGKILL');
      await Promise.all(left.map(({ gone }) => gone));
    },
  };
}
