import { request } from 'undici';
import type { Parcel, Sent, VaultClient } from '#server/vault-client/vault-client.ts';

/** Sends straight to one provider, card filled in: the vault's manners without its locks, for tests of this room. */
export function directVault({ url, key }: { url: string; key: string }) {
  const sent = new Set<string>();
  const exchanges: { status: number; body: unknown }[] = [];

  async function send(parcel: Parcel): Promise<Sent> {
    const began = performance.now();
    const milliseconds = () => performance.now() - began;
    const { operation, step, send, method, path, body, token } = parcel;
    // Like the vault: each send leaves once. An inquiry changes nothing and may be repeated.
    const name = `${operation}-${step}-${send}`;
    if (method !== 'GET' && sent.has(name)) return { kind: 'silent', why: 'already_sent', milliseconds: 0 };
    sent.add(name);
    try {
      const posts = method === 'POST';
      const answer = await request(`${url}${path}`, {
        method: posts ? 'POST' : 'GET',
        headers: {
          authorization: `Bearer ${key}`,
          ...(posts && { 'content-type': 'application/json', 'idempotency-key': `${operation}-${step}` }),
        },
        body: posts ? filled(body ?? {}, token) : null,
      });
      const exchange = { status: answer.statusCode, body: await answer.body.json() };
      exchanges.push(exchange);
      return { kind: 'answered', ...exchange, milliseconds: milliseconds() };
    } catch {
      return { kind: 'silent', why: 'connection_lost', milliseconds: milliseconds() };
    }
  }

  return { vault: { send } satisfies Pick<VaultClient, 'send'>, exchanges };
}

/** In these tests a token is its card's number. */
function filled(body: object, token = ''): string {
  return JSON.stringify(body)
    .replace('{{card.number}}', token)
    .replace('{{card.exp_month}}', '12')
    .replace('{{card.exp_year}}', '2034')
    .replace('{{card.cvc}}', '123');
}
