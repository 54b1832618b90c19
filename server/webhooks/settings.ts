import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import type { Reader } from '#server/kernel/env.ts';
import { Secret } from '#server/kernel/secret.ts';

/** From whom webhooks are taken: of one provider. */
export interface WebhookSetting {
  /** One, or two while they are changed: either is good. */
  secrets: readonly Secret[];
  /** Addresses and CIDR blocks; everything from elsewhere is rejected. */
  addresses: readonly string[];
}

const setting = z.strictObject({
  secrets: z.array(z.string().min(24)).min(1).max(2),
  addresses: z.array(z.string().refine((text) => isIP(text) !== 0 || ipaddr.isValidCIDR(text))).min(1),
});

/** For the environment: a JSON object of providers by name. */
export const readWebhookSettings: Reader<ReadonlyMap<string, WebhookSetting>> = (text) => {
  const read = z.record(z.string(), setting).safeParse(parse(text));
  if (!read.success) {
    throw new Error(
      'it must be JSON such as {"alder":{"secrets":["24 characters or more"],"addresses":["192.0.2.0/24"]}}, with one or two secrets each',
    );
  }
  return new Map(
    Object.entries(read.data).map(([name, { secrets, addresses }]) => [
      name,
      { secrets: secrets.map((secret) => new Secret(secret)), addresses },
    ]),
  );
};

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
