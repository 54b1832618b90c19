/** The five steps of the published study, in order. Each leaves a row in the engine's store: what it returns. */
export const steps = ['created', 'confirmed', 'authorised', 'captured', 'fulfilled'] as const;

export type Step = (typeof steps)[number];

export interface Order {
  id: string;
  amount: number;
  currency: 'eur';
}

/** A step's row. */
export interface Row {
  order: string;
  state: Step;
  amount: number;
  currency: 'eur';
  at: string;
}

/** The world outside of the engine: a provider and a warehouse that answer at once, and count. */
export interface World {
  /** Does a step for an order. */
  act(step: Step, order: Order): Promise<Row>;
  /** How often each step was done, in the order of the steps. */
  calls(): number[];
}

export function makeWorld(): World {
  const counts = new Map<Step, number>(steps.map((step) => [step, 0]));
  return {
    async act(step, { id, amount, currency }) {
      counts.set(step, (counts.get(step) ?? 0) + 1);
      return { order: id, state: step, amount, currency, at: new Date().toISOString() };
    },
    calls: () => steps.map((step) => counts.get(step) ?? 0),
  };
}

/** Clients share the orders, each with one under way: as Florin's own saga has them. Resolves to seconds. */
export async function buy(
  { orders, clients }: { orders: number; clients: number },
  order: (order: Order) => Promise<Row>,
): Promise<number> {
  let left = orders;
  const client = async () => {
    while (left > 0) {
      left -= 1;
      const asked: Order = { id: crypto.randomUUID(), amount: 1250, currency: 'eur' };
      const { order: id, state } = await order(asked);
      if (id !== asked.id || state !== 'fulfilled') throw new Error(`order ${asked.id} was answered ${id} ${state}`);
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: clients }, client));
  return (performance.now() - began) / 1000;
}
