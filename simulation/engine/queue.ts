import type { Life, StepKind, Turn } from './engine.ts';

/** A step that waits for its turn. */
export interface Task {
  life: Life;
  kind: StepKind;
  what: string;
  /** The least goes first. */
  order: number;
  run: (turn: Turn) => unknown;
  settle(went: Went): void;
}

export type Went = { ok: true; value: unknown } | { ok: false; error: unknown };

export interface Queue {
  add(task: Task): void;
  /** Drops what a life that has ended was about to do. */
  forget(life: Life): void;
  /**
   * Takes out what goes next: one step, or all reads that wait, since reads change nothing that another one sees. None
   * where nobody can go.
   */
  take(): Task[];
}

export function makeQueue(isFrozen: (life: Life) => boolean): Queue {
  let waiting: Task[] = [];

  function first(): Task | undefined {
    let found: Task | undefined;
    for (const task of waiting) {
      if ((!found || task.order < found.order) && !isFrozen(task.life)) found = task;
    }
    return found;
  }

  return {
    add: (task) => void waiting.push(task),
    forget(life) {
      waiting = waiting.filter((task) => task.life !== life);
    },
    take() {
      const next = first();
      if (!next) return [];
      const goes = (task: Task) => task === next || (task.kind === 'read' && !isFrozen(task.life));
      const taken = next.kind === 'read' ? waiting.filter(goes) : [next];
      waiting = waiting.filter((task) => !taken.includes(task));
      return taken.sort((a, b) => a.order - b.order);
    },
  };
}

export async function outcome(run: () => unknown): Promise<Went> {
  try {
    return { ok: true, value: await run() };
  } catch (error) {
    return { ok: false, error };
  }
}
