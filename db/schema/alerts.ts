import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, json, pgTable, text, unique, uniqueIndex } from 'drizzle-orm/pg-core';
import { id, moment } from './columns.ts';
import { oneOf } from './words.ts';

export const severities = ['info', 'warning', 'critical'] as const;
export const channelNames = ['email', 'webhook', 'pagerduty'] as const;
/** What a receiver is told about an alert. */
export const newsKinds = ['raised', 'acknowledged', 'resolved'] as const;

/** Something that a person has to know of. A row without `shownSince` has not been raised often enough yet. */
export const alerts = pgTable(
  'alerts',
  {
    id: id().primaryKey(),
    kind: text().notNull(),
    /** Null where it concerns the whole installation. */
    merchantId: id(),
    subject: text().notNull(),
    severity: text().$type<(typeof severities)[number]>().notNull(),
    title: text().notNull(),
    /** As JSON text, which keeps the order in which it is told. */
    detail: json().$type<Record<string, string>>().notNull(),
    path: text(),
    times: integer().notNull(),
    raisedAt: moment().notNull(),
    lastRaisedAt: moment().notNull(),
    /** The last raises, oldest first, as many as its threshold asks for. */
    recent: moment().array().notNull(),
    /** When the threshold was met: from then on it is shown, and sent. */
    shownSince: moment(),
    acknowledgedAt: moment(),
    /** Whose id, and whose name at that time. */
    acknowledgedBy: text(),
    acknowledgedByName: text(),
    resolvedAt: moment(),
  },
  (t) => [
    // While it is open, an alert of one kind and subject is the same, whoever raises it, and however many at once.
    uniqueIndex('alerts_one_open').on(t.kind, t.subject).where(sql`${t.resolvedAt} IS NULL`),
    index('alerts_merchant_id').on(t.merchantId, t.id),
    check('alerts_severity', oneOf(t.severity, severities)),
    check('alerts_times', sql`${t.times} >= 1`),
    check(
      'alerts_acknowledged',
      sql`num_nulls(${t.acknowledgedAt}, ${t.acknowledgedBy}, ${t.acknowledgedByName}) IN (0, 3)`,
    ),
  ],
);

/** Where somebody is told: an e-mail address, a URL that takes signed posts, a PagerDuty service. */
export const alertReceivers = pgTable(
  'alert_receivers',
  {
    id: id().primaryKey(),
    /** Null where it belongs to the installation. */
    merchantId: id(),
    channel: text().$type<(typeof channelNames)[number]>().notNull(),
    /** An e-mail address, a URL, or the name of a PagerDuty service. */
    address: text().notNull(),
    /** What a webhook is signed with, or a PagerDuty routing key. Read by the worker alone. */
    secret: text(),
    createdAt: moment().notNull(),
    disabledAt: moment(),
  },
  (t) => [
    unique('alert_receivers_address').on(t.merchantId, t.channel, t.address).nullsNotDistinct(),
    check('alert_receivers_channel', oneOf(t.channel, channelNames)),
    check('alert_receivers_secret', sql`(${t.secret} IS NULL) = (${t.channel} = 'email')`),
  ],
);

/** How one kind is handled at one merchant, or by the installation. Without a rule the kind's own defaults hold. */
export const alertRules = pgTable(
  'alert_rules',
  {
    id: id().primaryKey(),
    merchantId: id(),
    kind: text().notNull(),
    severity: text().$type<(typeof severities)[number]>().notNull(),
    /** It counts from this many raises within so many minutes on. */
    raises: integer().notNull(),
    minutes: integer().notNull(),
    /** Null: all receivers of the one whose rule it is. Empty: the console alone. */
    receivers: id().array(),
    enabled: boolean().notNull(),
  },
  (t) => [
    unique('alert_rules_kind').on(t.merchantId, t.kind).nullsNotDistinct(),
    check('alert_rules_severity', oneOf(t.severity, severities)),
    check('alert_rules_threshold', sql`${t.raises} BETWEEN 1 AND 1000 AND ${t.minutes} BETWEEN 1 AND 1440`),
  ],
);

/**
 * One piece of news on its way to one receiver. A claim moves `dueAt` beyond the lease: who dies lets it go by that.
 */
export const alertDeliveries = pgTable(
  'alert_deliveries',
  {
    id: id().primaryKey(),
    alertId: id()
      .notNull()
      .references(() => alerts.id),
    receiverId: id()
      .notNull()
      .references(() => alertReceivers.id),
    news: text().$type<(typeof newsKinds)[number]>().notNull(),
    createdAt: moment().notNull(),
    dueAt: moment().notNull(),
    tries: integer().notNull(),
    /** What the other side said last, or why it was not reached. */
    lastAnswer: text(),
    deliveredAt: moment(),
    gaveUpAt: moment(),
  },
  (t) => [
    unique('alert_deliveries_news').on(t.alertId, t.receiverId, t.news),
    index('alert_deliveries_due').on(t.dueAt).where(sql`${t.deliveredAt} IS NULL AND ${t.gaveUpAt} IS NULL`),
    check('alert_deliveries_news_kind', oneOf(t.news, newsKinds)),
    check('alert_deliveries_ended', sql`${t.deliveredAt} IS NULL OR ${t.gaveUpAt} IS NULL`),
  ],
);
