import { ready } from './stack.ts';

/** One effect that really happened at an acquirer; amounts in minor units. */
export interface Effect {
  /** The acquirer's own id. */
  id: string;
  kind: 'authorization' | 'capture' | 'void' | 'refund';
  reference: string;
  amount: number;
  currency: string;
  last4?: string;
}

/** What both acquirers' books say of a payment, `ch_…`. */
export async function books(reference: string): Promise<Effect[]> {
  const lines = await Promise.all(
    ready().sandboxes.map(async ({ books: url, key }) => {
      const answer = await fetch(`${url}?reference=${reference}`, { headers: { authorization: `Bearer ${key}` } });
      if (!answer.ok) throw new Error(`the books are shut: ${answer.status}`);
      return (await answer.text()).split('\n').filter(Boolean);
    }),
  );
  return lines.flat().map((line) => JSON.parse(line));
}

/** Makes both acquirers misbehave: routing chooses between them. */
export async function pull(lever: object): Promise<void> {
  for (const { levers, key } of ready().sandboxes) {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const answer = await fetch(levers, { method: 'POST', headers, body: JSON.stringify(lever) });
    if (!answer.ok) throw new Error(`the lever is stuck: ${answer.status} ${await answer.text()}`);
  }
}
