import type postgres from 'postgres';

/**
 * The driver `postgres`, or a transaction of it, as a role that may read every table. Amounts are asked for as text, so
 * that it does not matter how int8 is read.
 */
export type Sql = postgres.ISql<{ bigint: bigint }>;

/** A part of a query, made by `sql` and put into another: PostgreSQL sees one statement. */
export type Fragment = postgres.PendingQuery<postgres.Row[]>;

/** One line of an acquirer's own books, as its `GET /books` gives it: money that really moved. Minor units. */
export interface JournalLine {
  /** ISO 8601, UTC, by the acquirer's clock. */
  at: string;
  kind: 'authorization' | 'capture' | 'void' | 'refund' | 'chargeback';
  /** The acquirer's own id of it. */
  id: string;
  /** The Idempotency-Key that it was asked for under. */
  key: string;
  /** The id of the authorisation that it is about; of an authorisation its own. One capture per authorisation. */
  authorization: string;
  amount: number;
  currency: string;
  fee: number;
  last4: string;
  /** What the merchant calls it: a payment's shown id, `ch_…`. */
  reference: string;
  /** Made at the acquirer, without being asked by the merchant. */
  origin?: 'console';
}

/** What one client was told over `/v1`, or that it was told nothing. */
export interface ClientAnswer {
  /** Who, in the words of whoever made the client: a number, a name. */
  client: string;
  /** The uuid of the merchant whose key was used. */
  merchantId: string;
  /** Null where none was sent. */
  idempotencyKey: string | null;
  /** Method and path, such as `POST /v1/payment_intents/pi_…/capture`. */
  route: string;
  /** Equal for equal request bodies, and different for others. */
  bodyHash: string;
  /** When the answer was there, or was given up. */
  at: Date;
  /** HTTP status; null where no answer came. */
  status: number | null;
  /** As received, byte for byte; null where no answer came. */
  body: string | null;
  /** False where the request never left the client. */
  requestSent: boolean;
}

/** All that the judge goes by. It never looks into the memory of the code under test. */
export interface Evidence {
  sql: Sql;
  /** By the provider's name. A provider whose books nobody has is not judged by them. */
  journals: ReadonlyMap<string, readonly JournalLine[]>;
  answers: readonly ClientAnswer[];
  /** The time by which limits are judged. Books are read at this time or before, the database after. */
  now: Date;
}
