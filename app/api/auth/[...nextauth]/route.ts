import type { NextRequest } from 'next/server';
import NextAuth from 'next-auth';
import { addressIn } from '#app/address.ts';
import { signInOptions } from '#app/sign-in-options.ts';

function handle(request: NextRequest, context: RouteContext<'/api/auth/[...nextauth]'>) {
  return NextAuth(request, context, signInOptions(addressIn(request.headers)));
}

export { handle as GET, handle as POST };
