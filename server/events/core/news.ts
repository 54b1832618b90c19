import type { Clock } from '#server/kernel/clock.ts';
import type { Listen } from '../seams.ts';

/** Where consumers wait for the log to grow. Listening begins with the first who waits. */
export function makeNews({ clock, listen }: { clock: Clock; listen: Listen }) {
  const waiting = new Set<() => void>();
  let listening = false;

  function wake(): void {
    for (const awaken of [...waiting]) awaken();
  }

  function begin(): void {
    if (listening) return;
    listening = true;
    // Without the word of the database everybody still wakes after a while of patience, and tries to listen again.
    listen(wake).catch(() => {
      listening = false;
    });
  }

  return (patience: number, signal?: AbortSignal): Promise<void> => {
    begin();
    return new Promise((resolve) => {
      const awaken = () => {
        waiting.delete(awaken);
        forget();
        signal?.removeEventListener('abort', awaken);
        resolve();
      };
      const forget = clock.after(patience, awaken);
      waiting.add(awaken);
      if (signal?.aborted) awaken();
      else signal?.addEventListener('abort', awaken, { once: true });
    });
  };
}
