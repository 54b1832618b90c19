import type { assemble } from '#server/composition/rooms.ts';
import { Secret } from '#server/kernel/secret.ts';
import { readProviders } from '#server/providers/settings.ts';
import { readWebhookSettings } from '#server/webhooks/settings.ts';
import { providerNames } from '../plan.ts';

/** What the acquirers sign their webhooks with. */
export const webhookSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

/** Where their webhooks come from. */
export const webhookAddress = '192.0.2.10';

/** What the simulated processes are told, all alike. */
export const told: Parameters<typeof assemble>[0] = {
  FLORIN_MODE: 'test',
  FLORIN_WEB_URL: 'http://localhost:3000',
  FLORIN_ESCALATE_AFTER: 600,
  FLORIN_CART_SEAL_KEY: new Secret(Buffer.alloc(32, 1)),
  FLORIN_PROVIDERS: readProviders(
    JSON.stringify(providerNames.map((name) => ({ name, kind: 'sandbox', feeBasisPoints: 140, feeFixed: 25 }))),
  ),
};

export const webhookSettings = readWebhookSettings(
  JSON.stringify(
    Object.fromEntries(
      providerNames.map((name) => [name, { secrets: [webhookSecret], addresses: [`${webhookAddress}/32`] }]),
    ),
  ),
);
