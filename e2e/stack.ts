import { readFileSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ready } from '#deploy/local/ready.ts';
import { launch, temporaryFolder } from '#deploy/testing/launch.ts';

const setting = 'FLORIN_E2E_READY';

/**
 * Run once by Playwright: brings the product up in a temporary folder, and takes it down after the last test. Name the
 * `ready.json` of a running product in FLORIN_E2E_READY to use that one instead.
 */
export default async function stack(): Promise<() => Promise<void>> {
  if (process.env[setting]) return async () => {};
  const folder = await temporaryFolder();
  // Seconds: what no acquirer answers goes before a person while a test waits for it.
  const product = await launch({ folder, env: { FLORIN_ESCALATE_AFTER: '5' } });
  // Test files run in processes of their own, which inherit it.
  process.env[setting] = product.readyFile;
  return async () => {
    await product.stop();
    await cp(join(folder, 'logs'), 'test-results/logs', { recursive: true });
    await rm(folder, { recursive: true, force: true });
  };
}

/** Where the product is, its keys and logins, for a test. */
export function ready(): Ready {
  const file = process.env[setting];
  if (!file) throw new Error('the product is not up: run the browser tests with `npm run test:browser`');
  return JSON.parse(readFileSync(file, 'utf8'));
}
