import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';

const root = join(import.meta.dirname, '..');
const found = join(root, 'node_modules/.florin-browser');
const asRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: '.',
  globalSetup: './stack.ts',
  outputDir: join(root, 'test-results/browser'),
  reporter: 'list',
  forbidOnly: true,
  fullyParallel: true,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(existsSync(found) && { executablePath: readFileSync(found, 'utf8') }),
      // Chromium's sandbox does not run as root, where containers are.
      args: asRoot ? ['--no-sandbox', '--disable-dev-shm-usage'] : [],
    },
  },
});
