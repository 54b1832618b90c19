/** An answer as it is given again: to the letter. */
export interface Answer {
  /** HTTP status. */
  status: number;
  body: string;
  /** Id of the request that was answered first. */
  request: string;
}

/** An idempotency key as a door hands it to a verb: claimed in the commit of the change, or the change is not made. */
export interface Claim {
  merchantId: string;
  /** The caller's key, at most 255 characters. */
  key: string;
  /** SHA-256 over method, path and the parsed body: another request under the same key is refused. */
  fingerprint: Buffer;
  /** Id of the request that claims: while it stands at the key, that request is at work. Left out: nobody is. */
  request?: string;
  /** Where it is known before the commit it is kept in the commit, and nobody has to keep it afterwards. */
  answer?: Answer;
}

/** A claim as the mover hands it over: bound to its change `n`. The fingerprint is hex. */
export interface ClaimRow {
  n: number;
  merchant_id: string;
  key: string;
  fingerprint: string;
  subject_kind: string;
  subject_id: string;
  claimed_at: Date;
  request: string | null;
  answered_at?: Date;
  status?: number;
  body?: string;
}
