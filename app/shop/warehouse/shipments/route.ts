import { z } from 'zod';
import { catalogue, soldOut } from '../../catalogue.ts';
import { answer, turnAway } from '../door.ts';
import { decide, isKey } from '../shelf.ts';

const Wish = z.object({
  reference: z.string().max(200).nullable(),
  lines: z.array(z.object({ name: z.string().max(250), quantity: z.number().int().positive() })).max(100),
});

/**
 * The demo shop's warehouse: sends what is on the shelf, once for each `Idempotency-Key`. What has run out is refused,
 * for good.
 */
export async function POST(request: Request): Promise<Response> {
  const refused = turnAway(request);
  if (refused) return refused;
  const key = request.headers.get('idempotency-key') ?? '';
  const wish = Wish.safeParse(await request.json().catch(() => undefined));
  if (!isKey(key) || !wish.success) return Response.json({ status: 'malformed' }, { status: 400 });
  const { reference, lines } = wish.data;
  return answer((refuse) => {
    const missing = refuse ? lines[0]?.name : lines.find(({ name }) => isSoldOut(name))?.name;
    const decision = missing
      ? { status: 'refused' as const, reason: `${missing} is sold out` }
      : { status: 'shipped' as const };
    return decide({ key, reference, ...decision, lines, at: new Date().toISOString() });
  });
}

function isSoldOut(name: string): boolean {
  return catalogue.some((product) => product.name === name && soldOut.includes(product.sku));
}
