import type { NextAuthOptions } from 'next-auth';
import CredentialsProvider from 'next-auth/providers/credentials';
import { absoluteLimit } from '#server/auth/staff-sessions.ts';
import { refusalIn } from '#server/trpc/refused.ts';
import { rooms } from './rooms.ts';
import { seatCookie } from './seat.ts';

/**
 * Sign-in by email and password. The cookie carries nothing but a session's id, encrypted; who sits there, and whether
 * they still may, stands in the database.
 *
 * @param address  The client's, for the throttle.
 */
export function signInOptions(address: string): NextAuthOptions {
  const { name, secure } = seatCookie();
  return {
    session: { strategy: 'jwt', maxAge: absoluteLimit / 1000 },
    pages: { signIn: '/admin/sign-in', error: '/admin/sign-in' },
    cookies: {
      sessionToken: { name, options: { httpOnly: true, sameSite: 'lax', path: '/', secure } },
    },
    // Its own would print what a visitor sent, as it came: the code alone says what happened.
    logger: {
      error: (code) => rooms().log.error({ code }, 'sign-in library: error'),
      warn: (code) => rooms().log.warn({ code }, 'sign-in library: warning'),
      debug: () => {},
    },
    providers: [
      CredentialsProvider({
        credentials: { email: {}, password: {} },
        authorize: (typed) => open({ email: typed?.email ?? '', password: typed?.password ?? '', address }),
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => (user ? { sid: user.id } : token),
      // The browser may learn that it is signed in, and until when; the id stays in the cookie.
      session: ({ session }) => ({ expires: session.expires }),
    },
    events: {
      signOut: async ({ token }) => {
        if (typeof token?.sid === 'string') await rooms().staff.signOut(token.sid);
      },
    },
  };
}

async function open(credentials: { email: string; password: string; address: string }) {
  try {
    return { id: await rooms().staff.signIn(credentials) };
  } catch (error) {
    const code = refusalIn(error)?.code;
    if (code === 'unauthenticated') return null;
    // What is thrown here comes back as the page's error code.
    throw new Error(code ?? 'unavailable');
  }
}
