import type { Parcel } from '#server/vault-client/vault-client.ts';
import type { Asked } from '../plan.ts';
import type { Token } from './vault-tokens.ts';

const id = String.raw`[\w:-][\w.:-]{0,119}`;
const posts: readonly [path: RegExp, asked: Asked][] = [
  [/^\/authorizations$/, 'authorize'],
  [new RegExp(`^/authorizations/${id}/captures$`), 'capture'],
  [new RegExp(`^/authorizations/${id}/voids$`), 'void'],
  [new RegExp(`^/operations/${id}/voids$`), 'cancel'],
  [new RegExp(`^/captures/${id}/refunds$`), 'refund'],
];
const question = new RegExp(`^/operations/${id}$`);

/** What a parcel asks, from its method and path; undefined for what an egress does not let out. */
export function askedOf({ method, path }: Pick<Parcel, 'method' | 'path'>): Asked | undefined {
  if (method === 'GET') return question.test(path) ? 'inquire' : undefined;
  return posts.find(([pattern]) => pattern.test(path))?.[1];
}

/** The body on the wire: card data in the place of its placeholders. */
export function filled({ method, body = {} }: Parcel, token: Token | undefined): string | undefined {
  if (method === 'GET') return undefined;
  if (!token) return JSON.stringify(body);
  const card: Record<string, string> = {
    '{{card.number}}': token.number,
    '{{card.exp_month}}': '12',
    '{{card.exp_year}}': '2034',
    '{{card.cvc}}': token.code ?? '',
  };
  return JSON.stringify(body, (_, value) => (typeof value === 'string' && card[value]) || value);
}

/** What an answer means for the verification code: the last word, trouble or a question on the way, or nothing. */
export function verdictOf(status: number, body: unknown): 'approved' | 'declined' | 'unsettled' | 'open' {
  const told = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  if (told.kind === 'tombstone') return 'open';
  if (told.status === 'approved' && [200, 201].includes(status)) return 'approved';
  if (told.status === 'challenged' && status === 202) return 'unsettled';
  const refused = told.status === 'declined' ? [402, 200] : told.status === 'refused' ? [422, 200] : [];
  if (!refused.includes(status)) return status === 400 ? 'unsettled' : 'open';
  return told.code === 'issuer_error' || told.code === 'N96' ? 'unsettled' : 'declined';
}
