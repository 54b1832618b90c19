import { type NextRequest, NextResponse } from 'next/server';
import { readSeat } from '#app/seat.ts';
import { contentSecurityPolicy, securityHeaders } from '#app/security-headers.ts';

export const config = {
  // Files with a hash in their name need neither a nonce nor a seat.
  matcher: '/((?!_next/static/|_next/image).*)',
};

/** Every answer gets its headers here; the console is behind a first gate, and each procedure asks again. */
export async function proxy(request: NextRequest) {
  const path = request.nextUrl.pathname;
  const nonce = crypto.randomUUID().replaceAll('-', '');
  const policy = contentSecurityPolicy({ path, nonce });
  const answer = (await mustSignIn(request)) ? toSignIn(request) : onwards(request, nonce, policy);
  answer.headers.set('content-security-policy', policy);
  for (const [name, value] of securityHeaders(path)) answer.headers.set(name, value);
  return answer;
}

async function mustSignIn(request: NextRequest): Promise<boolean> {
  const path = request.nextUrl.pathname;
  if (path !== '/admin' && !path.startsWith('/admin/')) return false;
  return path !== '/admin/sign-in' && !(await readSeat(request.cookies));
}

function toSignIn(request: NextRequest) {
  const { pathname, search } = request.nextUrl;
  const target = new URL('/admin/sign-in', request.url);
  if (pathname !== '/admin') target.searchParams.set('next', `${pathname}${search}`);
  return NextResponse.redirect(target, 303);
}

function onwards(request: NextRequest, nonce: string, policy: string) {
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  headers.set('x-here', `${request.nextUrl.pathname}${request.nextUrl.search}`);
  // Next finds the nonce for its own scripts in the request's policy.
  headers.set('content-security-policy', policy);
  return NextResponse.next({ request: { headers } });
}
