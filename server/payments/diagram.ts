import { moves, states, type Trigger } from './core/machine.ts';
import type { PaymentState, StateDiagram } from './view.ts';

/** The table of moves as a picture's data, for the console and for the README. */
export function diagram(): StateDiagram {
  return {
    states,
    moves: states.flatMap((from) =>
      Object.entries(moves[from] as Partial<Record<Trigger, PaymentState>>).map(([trigger, to]) => ({
        from,
        trigger: trigger as Trigger,
        to,
      })),
    ),
  };
}
