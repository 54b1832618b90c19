import type { NextRequest } from 'next/server';
import { addressIn } from '#app/address.ts';
import { rooms } from '#app/rooms.ts';
import { readSeat } from '#app/seat.ts';
import { answer } from '#server/trpc/door.ts';

async function handle(request: NextRequest): Promise<Response> {
  const made = rooms();
  return answer(request, {
    rooms: made,
    request: made.requestId(),
    seat: await readSeat(request),
    address: addressIn(request.headers),
  });
}

export { handle as GET, handle as POST };
