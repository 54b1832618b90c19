import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { id, moment } from './columns.ts';
import { oneOf } from './words.ts';

const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/**
 * `received`: stored, not dealt with yet. `applied`: it changed something. `known`: it told what we knew. `ignored`:
 * genuine, and not about money.
 */
export const webhookStatuses = ['received', 'applied', 'known', 'ignored', 'rejected'] as const;

/** Why a webhook was rejected. The first eight are seen before anything is asked, the others when it is compared. */
export const webhookReasons = [
  'address_refused',
  'signature_missing',
  'signature_wrong',
  'too_old',
  'in_future',
  'malformed',
  'replayed',
  'event_reused',
  'unmatched',
  'provider_differs',
  'kind_differs',
  'amount_differs',
  'currency_differs',
] as const;

/** What providers have sent us, and what became of it. Stored before it is answered. */
export const providerWebhooks = pgTable(
  'provider_webhooks',
  {
    id: id().primaryKey(),
    provider: text().notNull(),
    receivedAt: moment().notNull(),
    /** Where it came from, the last time it came. */
    address: text().notNull(),
    /** The few that say something about the sender. */
    headers: jsonb().$type<Record<string, string>>().notNull(),
    /** As it came, with card numbers and the provider's secrets blacked out; of a forgery only the beginning. */
    body: bytes().notNull(),
    /** Of the body as it came: bytes, and SHA-256. */
    bodySize: integer().notNull(),
    bodyDigest: bytes().notNull(),
    /** Signature, time and nonce held: of these there is one row per event, and later sends are counted in it. */
    genuine: boolean().notNull(),
    /** The provider's own id of the event, where its signature held. */
    eventId: text(),
    signedAt: moment(),
    times: integer().notNull(),
    lastReceivedAt: moment().notNull(),
    status: text().$type<(typeof webhookStatuses)[number]>().notNull(),
    reason: text().$type<(typeof webhookReasons)[number]>(),
    /** What it says about money; null where it says nothing, or is not believed. */
    say: text(),
    paymentId: id(),
    /** Null until payments has said whose it is, and for good where it is nobody's. */
    merchantId: id(),
    /** Somebody is at work on it until then. */
    leasedUntil: moment(),
    tries: integer().notNull(),
    settledAt: moment(),
  },
  (t) => [
    uniqueIndex('provider_webhooks_event').on(t.provider, t.eventId).where(sql`${t.genuine}`),
    // What the worker takes up.
    index('provider_webhooks_waiting').on(t.leasedUntil).where(sql`${t.status} = 'received'`),
    // What is pruned by number.
    index('provider_webhooks_rejected').on(t.provider, t.reason, t.receivedAt).where(sql`NOT ${t.genuine}`),
    index('provider_webhooks_merchant').on(t.merchantId, t.id),
    check('provider_webhooks_status', oneOf(t.status, webhookStatuses)),
    check('provider_webhooks_reason', oneOf(t.reason, webhookReasons)),
    check('provider_webhooks_rejected_why', sql`(${t.status} = 'rejected') = (${t.reason} IS NOT NULL)`),
    check(
      'provider_webhooks_genuine',
      sql`NOT ${t.genuine} OR (${t.eventId} IS NOT NULL AND ${t.signedAt} IS NOT NULL)`,
    ),
    // Only what is believed is ever acted on.
    check('provider_webhooks_believed', sql`${t.genuine} OR (${t.status} = 'rejected' AND ${t.say} IS NULL)`),
    check('provider_webhooks_leased', sql`${t.status} <> 'received' OR ${t.leasedUntil} IS NOT NULL`),
    check('provider_webhooks_settled', sql`(${t.settledAt} IS NULL) = (${t.status} = 'received')`),
    check('provider_webhooks_sizes', sql`length(${t.body}) <= 262144 AND length(${t.bodyDigest}) = 32`),
  ],
);

/** Each signed message once: a copy of it is a replay. Forgotten when its signature has become too old anyway. */
export const providerWebhookNonces = pgTable(
  'provider_webhook_nonces',
  { provider: text().notNull(), eventId: text().notNull(), signedAt: moment().notNull() },
  (t) => [
    primaryKey({ columns: [t.provider, t.eventId, t.signedAt] }),
    index('provider_webhook_nonces_signed_at').on(t.signedAt),
  ],
);

/** How many were rejected, by minute: all of them, also those that were too many to keep. */
export const providerWebhookRejections = pgTable(
  'provider_webhook_rejections',
  {
    provider: text().notNull(),
    /** Its first millisecond. */
    minute: moment().notNull(),
    reason: text().notNull(),
    times: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.provider, t.minute, t.reason] }),
    index('provider_webhook_rejections_minute').on(t.minute),
  ],
);

/** Where a merchant wants to be told. */
export const webhookEndpoints = pgTable(
  'webhook_endpoints',
  {
    id: id().primaryKey(),
    merchantId: id().notNull(),
    url: text().notNull(),
    enabled: boolean().notNull(),
    /** Public names of events, such as `charge.refunded`; `*` stands for all of them. */
    events: text().array().notNull(),
    createdAt: moment().notNull(),
  },
  (t) => [index('webhook_endpoints_merchant').on(t.merchantId, t.id)],
);

export const deliveryStatuses = ['pending', 'delivered', 'failed'] as const;

/** One event on its way to one merchant endpoint. */
export const deliveries = pgTable(
  'deliveries',
  {
    eventId: id().notNull(),
    endpointId: id()
      .notNull()
      .references(() => webhookEndpoints.id),
    merchantId: id().notNull(),
    paymentId: id().notNull(),
    seq: integer().notNull(),
    /** The event's public name. */
    type: text().notNull(),
    status: text().$type<(typeof deliveryStatuses)[number]>().notNull(),
    /** When it happened. */
    at: moment().notNull(),
  },
  (t) => [
    // An event that is handed over twice makes no second delivery.
    primaryKey({ columns: [t.eventId, t.endpointId] }),
    index('deliveries_pending').on(t.endpointId, t.eventId).where(sql`${t.status} = 'pending'`),
    index('deliveries_merchant').on(t.merchantId, t.eventId),
    check('deliveries_status', oneOf(t.status, deliveryStatuses)),
  ],
);
