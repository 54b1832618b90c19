/**
 * The client's network address: what the hop before us wrote last. A client can put anything in front of that entry,
 * and nothing behind it. With no gateway before us, Next itself writes it.
 */
export function addressIn(headers: Headers): string {
  return headers.get('x-forwarded-for')?.split(',').at(-1)?.trim().slice(0, 64) || 'unknown';
}
