import type { NextRequest } from 'next/server';
import { rooms } from '#app/rooms.ts';
import { readSeat } from '#app/seat.ts';
import { clientAddress } from '#server/trpc/address.ts';
import { exportRows } from '#server/trpc/export.ts';

export async function GET(request: NextRequest): Promise<Response> {
  const made = rooms();
  return exportRows(new URL(request.url), {
    rooms: made,
    request: made.requestId(),
    seat: await readSeat(request.cookies),
    address: clientAddress(request.headers, made.trustedHops),
  });
}
