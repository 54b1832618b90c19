/** An idempotency key as a door hands it to a verb: claimed in the commit of the change, or the change is not made. */
export interface Claim {
  merchantId: string;
  /** The caller's key, at most 255 characters. */
  key: string;
  /** SHA-256 over method, path and the parsed body: another request under the same key is refused. */
  fingerprint: Buffer;
}
