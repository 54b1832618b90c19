import type { RawSql } from '#db/client.ts';
import type { AlertKind, Severity } from '../alerts.ts';

/** From when on something is worth a person's attention: at least so many raises within so many minutes. */
export interface Rule {
  severity: Severity;
  raises: number;
  minutes: number;
  /** Null: everybody whom its owner has named. */
  receivers: string[] | null;
  enabled: boolean;
}

const everybody = { receivers: null, enabled: true } as const;

/** What holds where neither the merchant nor the installation has a rule of its own. */
// biome-ignore format: one line per kind
const defaults: Record<AlertKind, Rule> = {
  escalation_opened: { ...everybody, severity: 'critical', raises: 1, minutes: 1 },
  event_parked:      { ...everybody, severity: 'critical', raises: 1, minutes: 1 },
  fulfilment_failed: { ...everybody, severity: 'critical', raises: 1, minutes: 1 },
  // Looked at every fifteen seconds: one bad look is weather, three in a row are not.
  consumer_behind:   { ...everybody, severity: 'warning', raises: 3, minutes: 2 },
  queue_stuck:       { ...everybody, severity: 'warning', raises: 3, minutes: 2 },
  provider_down:     { ...everybody, severity: 'critical', raises: 2, minutes: 2 },
  // Their own room counts them, and raises this where there are many.
  webhooks_rejected: { ...everybody, severity: 'warning', raises: 1, minutes: 1 },
  // Their room looks at its own thresholds first: what it raises has passed one.
  differences_open:  { ...everybody, severity: 'warning', raises: 1, minutes: 1 },
  settlement_late:   { ...everybody, severity: 'warning', raises: 1, minutes: 1 },
};

/** The merchant's rule before the installation's, and that before the kind's own default. */
export async function ruleFor(tx: RawSql, kind: AlertKind, merchantId: string | null): Promise<Rule> {
  const [row] = await tx<Rule[]>`
    SELECT severity, raises, minutes, receivers, enabled FROM alert_rules
    WHERE kind = ${kind} AND (merchant_id = ${merchantId} OR merchant_id IS NULL)
    ORDER BY merchant_id NULLS LAST LIMIT 1`;
  return row ?? defaults[kind];
}
