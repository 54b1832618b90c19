import { hmacSha256, type Secret, sameSecret } from '#server/kernel/secret.ts';
import type { Session } from './session.ts';

/** Everything that the merchant fixed and the shopper agrees to: what the seal covers. */
export type Sealed = Omit<
  Session,
  'secretHash' | 'seal' | 'sealKey' | 'shopperEmail' | 'attemptedAt' | 'status' | 'closedAt'
>;

/** Names of the keys in use: each is asked for three times by every order. */
const names = new WeakMap<Secret<Buffer>, string>();

/** Names a key without telling it. */
export function sealKeyId(key: Secret<Buffer>): string {
  const known = names.get(key);
  if (known) return known;
  const name = hmacSha256(key.reveal(), 'florin/checkout/key-id').toString('hex').slice(0, 8);
  names.set(key, name);
  return name;
}

export function sealOf(key: Secret<Buffer>, session: Sealed): string {
  return hmacSha256(key.reveal(), `florin/checkout/cart/1/${canonical(session)}`).toString('hex');
}

/** Whether the session is still, field by field, the one that was sealed under this key. */
export function sealHolds(key: Secret<Buffer>, session: Session): boolean {
  const expected = Buffer.from(sealOf(key, session), 'hex');
  return session.sealKey === sealKeyId(key) && sameSecret(expected, Buffer.from(session.seal, 'hex'));
}

/** One text for one cart: fields in a fixed order, amounts as digits, times as unix milliseconds, metadata by key. */
function canonical(session: Sealed): string {
  return JSON.stringify([
    session.id,
    session.merchantId,
    session.intentId,
    session.currency,
    session.amount.toString(),
    session.captureMethod,
    session.items.map((item) => [item.id, item.name, item.description, item.unitAmount.toString(), item.quantity]),
    session.successUrl,
    session.cancelUrl,
    session.clientReferenceId,
    session.customerEmail,
    Object.entries(session.metadata).sort(([a], [b]) => (a < b ? -1 : 1)),
    session.createdAt.getTime(),
    session.expiresAt.getTime(),
  ]);
}
