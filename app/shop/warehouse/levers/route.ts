import { z } from 'zod';
import { faults, pull, release, turnAway } from '../door.ts';

const Lever = z.strictObject({
  fault: z.enum(faults),
  times: z.number().int().positive().optional(),
  milliseconds: z.number().int().min(0).max(60_000).optional(),
});

/** Makes the demo warehouse fail, in test mode. */
export async function POST(request: Request): Promise<Response> {
  const refused = closed(request);
  if (refused) return refused;
  const lever = Lever.safeParse(await request.json().catch(() => undefined));
  if (!lever.success) return Response.json({ status: 'malformed' }, { status: 400 });
  const { fault, times, milliseconds } = lever.data;
  pull({ fault, ...(times && { times }), ...(milliseconds && { milliseconds }) });
  return Response.json(lever.data, { status: 201 });
}

export async function DELETE(request: Request): Promise<Response> {
  const refused = closed(request);
  if (refused) return refused;
  release();
  return Response.json([]);
}

function closed(request: Request): Response | undefined {
  if (process.env.FLORIN_MODE !== 'test') return Response.json({}, { status: 404 });
  return turnAway(request);
}
