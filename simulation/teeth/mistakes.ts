import type { Mistake } from './mistake.ts';
import { inIdempotency, inWebhooks } from './mistakes/doors.ts';
import { inEvents } from './mistakes/events.ts';
import { inLedger } from './mistakes/ledger.ts';
import { inPaymentsCore } from './mistakes/payments-core.ts';
import { inPaymentsVerbs } from './mistakes/payments-verbs.ts';
import { inConnector, inProviders } from './mistakes/providers.ts';

/** Every planted mistake, room by room. */
export const mistakes: readonly Mistake[] = [
  ...inPaymentsCore,
  ...inPaymentsVerbs,
  ...inEvents,
  ...inIdempotency,
  ...inWebhooks,
  ...inProviders,
  ...inConnector,
  ...inLedger,
];
