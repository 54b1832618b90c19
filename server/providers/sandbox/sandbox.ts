import type { Capabilities, Provider } from '../contract.ts';
import { authorize } from './authorize.ts';
import { cancel } from './cancel.ts';
import { capture } from './capture.ts';
import { inquire } from './inquire.ts';
import { refund } from './refund.ts';
import { voidAuthorization } from './void.ts';
import { readWebhook } from './webhook.ts';

const minute = 60_000;

/** What every simulated acquirer promises. */
const cautious: Capabilities = {
  keyLifetime: 24 * 60 * minute,
  maxInFlight: minute,
  inquiryLag: 1_000,
  tombstone: false,
  cancelsChallenges: false,
  partialCapture: true,
  partialRefund: true,
  authorizationLifetime: 7 * 24 * 60 * minute,
};

/** What one of them promises beyond that, by its name. */
const more: Record<string, Partial<Capabilities>> = {
  alder: { inquiryLag: 0, tombstone: true, cancelsChallenges: true },
};

/** A simulated acquirer, spoken to over HTTP like any other. */
export function sandbox(name: string): Provider {
  const capabilities = { ...cautious, ...(Object.hasOwn(more, name) && more[name]) };
  const asks = { authorize, capture, void: voidAuthorization, refund, inquire };
  return { name, capabilities, ...asks, ...(capabilities.tombstone && { cancel }), readWebhook };
}
