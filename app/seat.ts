import { getToken } from 'next-auth/jwt';

/** A request's cookies, in a route, a page or the proxy. */
interface Jar {
  getAll(): { name: string; value: string }[];
}

/** `__Host-` binds the cookie to this host and to TLS; over plain HTTP, in test mode, browsers would drop it. */
export function seatCookie(): { name: string; secure: boolean } {
  const secure = (process.env.FLORIN_WEB_URL ?? '').startsWith('https://');
  return { name: secure ? '__Host-florin.seat' : 'florin.seat', secure };
}

/**
 * The session id in the signed cookie, or undefined where there is none or its signature is wrong. It says who sat
 * there once: whether the seat is still theirs, and with which role, is asked of the database on each call.
 */
export async function readSeat(jar: Jar): Promise<string | undefined> {
  const cookies = Object.fromEntries(jar.getAll().map(({ name, value }) => [name, value]));
  // All that it reads of a request.
  const req = { cookies, headers: {} } as Parameters<typeof getToken>[0]['req'];
  const token = await getToken({ req, cookieName: seatCookie().name });
  return typeof token?.sid === 'string' ? token.sid : undefined;
}
