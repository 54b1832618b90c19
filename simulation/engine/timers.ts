interface Timer {
  at: number;
  /** Of two that are due at once, the first that was set goes first. */
  order: number;
  run: () => void;
  forgotten: boolean;
}

/** What is due, in its order: a binary heap over virtual time. */
export interface Timers {
  set(at: number, run: () => void): () => void;
  /** When the next is due; undefined where none is. */
  next(): number | undefined;
  /** Runs the next one. */
  fire(): void;
}

export function makeTimers(): Timers {
  const heap: Timer[] = [];
  let made = 0;

  const isBefore = (a: Timer, b: Timer) => a.at < b.at || (a.at === b.at && a.order < b.order);

  function lift(start: number): void {
    for (let at = start; at > 0; ) {
      const above = (at - 1) >> 1;
      if (!swapIfBefore(at, above)) return;
      at = above;
    }
  }

  function sink(): void {
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const first = right < heap.length && isBefore(heap[right] as Timer, heap[left] as Timer) ? right : left;
      if (first >= heap.length || !swapIfBefore(first, at)) return;
      at = first;
    }
  }

  function swapIfBefore(a: number, b: number): boolean {
    const [one, other] = [heap[a] as Timer, heap[b] as Timer];
    if (!isBefore(one, other)) return false;
    heap[a] = other;
    heap[b] = one;
    return true;
  }

  function take(): Timer | undefined {
    const first = heap[0];
    const last = heap.pop();
    if (first && last && first !== last) {
      heap[0] = last;
      sink();
    }
    return first;
  }

  return {
    set(at, run) {
      const timer = { at, order: made, run, forgotten: false };
      made += 1;
      heap.push(timer);
      lift(heap.length - 1);
      return () => {
        timer.forgotten = true;
      };
    },
    next() {
      while (heap[0]?.forgotten) take();
      return heap[0]?.at;
    },
    fire() {
      const timer = take();
      if (timer && !timer.forgotten) timer.run();
    },
  };
}
