import type { Unguarded } from './unguarded.ts';

/** The key is written beside the change, and nobody looks whether it was free. */
const unclaimed: Unguarded = {
  name: 'a change without its key',
  scene: 'one-key',
  why: 'A change goes through although its key is taken: neither a question nor the primary key of the keys stops it.',
  edits: [
    {
      file: 'server/idempotency/keys.ts',
      find: 'ORDER BY r.merchant_id, r.key`;',
      replace: 'ORDER BY r.merchant_id, r.key ON CONFLICT DO NOTHING`;',
    },
    {
      file: 'server/idempotency/keys.ts',
      find: 'JOIN idempotency_keys k ON k.merchant_id = r.merchant_id AND k.key = r.key`;',
      replace: 'JOIN idempotency_keys k ON k.merchant_id = r.merchant_id AND k.key = r.key AND k.key IS NULL`;',
    },
  ],
};

/** A request is known by its key alone. */
const anyBody: Unguarded = {
  name: 'another request under the same key',
  scene: 'one-key',
  why: 'The fingerprint of a request is not compared, so that a different one is given the answer of the first.',
  edits: [
    {
      file: 'server/idempotency/keys.ts',
      find: 'if (!sameSecret(row.fingerprint, claim.fingerprint)) {',
      replace: 'if (!sameSecret(row.fingerprint, row.fingerprint)) {',
    },
  ],
};

export const oneKey = [unclaimed, anyBody];
