import type { NextRequest } from 'next/server';
import { rooms } from '#app/rooms.ts';
import { readSeat } from '#app/seat.ts';
import { clientAddress } from '#server/trpc/address.ts';
import { takeUpload } from '#server/trpc/upload.ts';

export async function POST(request: NextRequest): Promise<Response> {
  const made = rooms();
  return takeUpload(request, {
    rooms: made,
    request: made.requestId(),
    seat: await readSeat(request.cookies),
    address: clientAddress(request.headers, made.trustedHops),
  });
}
