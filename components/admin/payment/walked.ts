import type { PaymentState, StateDiagram } from '#server/payments/view.ts';
import type { ShownEntry } from '#server/trpc/payment-view.ts';

/** One line of the diagram: all moves between the same two states, and the times at which one of them was made. */
export interface Edge {
  from: PaymentState;
  to: PaymentState;
  triggers: string[];
  times: Date[];
  /** Legal from where the payment stands now. */
  next: boolean;
}

/** The diagram's moves, with what this payment has made of them. */
export function edgesOf(diagram: StateDiagram, entries: ShownEntry[], state: PaymentState): Edge[] {
  const edges = new Map<string, Edge>();
  for (const { from, trigger, to } of diagram.moves) {
    const key = `${from} ${to}`;
    const edge = edges.get(key) ?? { from, to, triggers: [], times: [], next: from === state };
    edge.triggers.push(trigger);
    edges.set(key, edge);
  }
  for (const { from, to, at } of entries) edges.get(`${from} ${to}`)?.times.push(at);
  return [...edges.values()];
}

/** The states that the payment has been in, in order, each with when it got there. */
export function pathOf(entries: ShownEntry[]): { state: PaymentState; at: Date }[] {
  return entries.filter(({ from, to }) => from !== to).map(({ to, at }) => ({ state: to, at }));
}
