import type { Provider } from '../contract.ts';
import { authorize } from './authorize.ts';
import { cancel } from './cancel.ts';
import { capture } from './capture.ts';
import { inquire, maxInFlight } from './inquire.ts';
import { refund } from './refund.ts';
import { voidAuthorization } from './void.ts';
import { readWebhook } from './webhook.ts';

const hour = 60 * 60_000;

/** Stripe, by Payment Intents. Which address that is, and with which key, the vault's egress knows. */
export function stripe(name: string): Provider {
  return {
    name,
    capabilities: {
      // Keys may be forgotten once they are a day old.
      keyLifetime: 24 * hour,
      maxInFlight,
      // Lists and single objects are read as they are, other than searches.
      inquiryLag: 1_000,
      tombstone: false,
      cancelsChallenges: true,
      partialCapture: true,
      partialRefund: true,
      // Seven days less the time that clearing takes.
      authorizationLifetime: (7 * 24 - 6) * hour,
    },
    authorize,
    capture,
    void: voidAuthorization,
    refund,
    inquire,
    cancel,
    readWebhook,
  };
}
