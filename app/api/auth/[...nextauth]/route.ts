import type { NextRequest } from 'next/server';
import NextAuth from 'next-auth';
import { rooms } from '#app/rooms.ts';
import { signInOptions } from '#app/sign-in-options.ts';
import { clientAddress } from '#server/trpc/address.ts';

async function handle(request: NextRequest, context: RouteContext<'/api/auth/[...nextauth]'>): Promise<Response> {
  // With a logger of ours the library would let anybody write to the log here.
  if ((await context.params).nextauth[0] === '_log') return new Response('Not found.', { status: 404 });
  return NextAuth(request, context, signInOptions(clientAddress(request.headers, rooms().trustedHops)));
}

export { handle as GET, handle as POST };
