import type { NextRequest } from 'next/server';
import NextAuth from 'next-auth';
import { rooms } from '#app/rooms.ts';
import { signInOptions } from '#app/sign-in-options.ts';
import { clientAddress } from '#server/trpc/address.ts';

function handle(request: NextRequest, context: RouteContext<'/api/auth/[...nextauth]'>) {
  return NextAuth(request, context, signInOptions(clientAddress(request.headers, rooms().trustedHops)));
}

export { handle as GET, handle as POST };
