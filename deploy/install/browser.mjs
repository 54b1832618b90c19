import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { alone, Missing, modules, run, step } from './step.mjs';

const marker = join(modules, '.florin-browser');
const usual = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Finds a Chromium for the browser tests, or installs one, and writes its path to node_modules/.florin-browser. */
export async function installBrowser() {
  const chosen = process.env.CHROMIUM_PATH;
  if (chosen) {
    if (!runs(chosen)) throw new Missing(`CHROMIUM_PATH names ${chosen}, which does not run: correct it or unset it.`);
    writeFileSync(marker, chosen);
  }
  if (known()) return;
  await alone(async () => {
    if (known()) return;
    const path = present() ?? (await fromDebian()) ?? (await fromPlaywright());
    if (path) return writeFileSync(marker, path);
    throw new Missing(
      'The browser tests need a Chromium: `apt-get install chromium` or `npx playwright install --with-deps chromium`, ' +
        'or name one in CHROMIUM_PATH.',
    );
  });
}

function known() {
  return existsSync(marker) && existsSync(readFileSync(marker, 'utf8'));
}

/** Playwright's own, or the machine's. */
function present() {
  const { chromium } = createRequire(import.meta.url)('@playwright/test');
  return [chromium.executablePath(), ...usual].find((path) => existsSync(path) && runs(path));
}

// A path alone says little: on Ubuntu it may be a stub that asks for another package.
function runs(path) {
  try {
    execFileSync(path, ['--version'], { stdio: 'ignore', timeout: 30_000 });
    return true;
  } catch {
    return false;
  }
}

async function fromDebian() {
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) return undefined;
  await step('Installing Chromium for the browser tests, with apt', async () => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-q'], env);
    await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'], env);
  });
  return present();
}

async function fromPlaywright() {
  const playwright = join(modules, '.bin/playwright');
  await step('Installing Chromium for the browser tests, with Playwright', () =>
    run(playwright, ['install', 'chromium']),
  );
  return present();
}
