import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { alone, run } from '../../deploy/install/step.mjs';

/** The peers' packages are no part of the product: they have a manifest, a lock and a folder of their own. */
const room = import.meta.dirname;
const lockFile = join(room, 'package-lock.json');
const marker = join(room, 'node_modules/.florin-lock');

/** Whether what lies here is what the lock asks for on this machine. */
export function isInstalled(): boolean {
  return existsSync(marker) && readFileSync(marker, 'utf8') === fingerprint();
}

/**
 * Fetches the peers from npm where they are missing; without their install scripts, of which none is needed.
 *
 * @param say  Told before npm is asked: it takes a while, and needs a network.
 * @throws Error with what npm said last, where it could not.
 */
export async function install(say: (line: string) => void): Promise<void> {
  if (isInstalled()) return;
  say('DBOS and Restate are not installed yet: npm ci --prefix bench/peers, some 240 MB …');
  await alone(async () => {
    if (isInstalled()) return;
    const { code, said } = await run('npm', ['ci', '--prefix', room, '--ignore-scripts', '--loglevel=error']);
    if (code !== 0) {
      const last = said.trim().split('\n').slice(-5).join('\n');
      throw new Error(`npm could not install the peers: see that \`npm ping\` reaches your registry.\n${last}`);
    }
    writeFileSync(marker, fingerprint());
  });
}

/**
 * A package as its own module. It is loaded by its name alone, and its shape is what the caller says: neither the
 * compiler nor the import law can look at what may not be there.
 */
export async function load<T>(name: string): Promise<T> {
  const path = createRequire(join(room, 'package.json')).resolve(name);
  return (await import(pathToFileURL(path).href)) as T;
}

/** As the lock has it. */
export function versionOf(name: string): string {
  const { packages } = JSON.parse(readFileSync(lockFile, 'utf8')) as { packages: Record<string, { version?: string }> };
  const version = packages[`node_modules/${name}`]?.version;
  if (version === undefined) throw new Error(`the peers' lock has no ${name}`);
  return version;
}

function fingerprint(): string {
  const machine = `${process.platform}-${process.arch}`;
  return createHash('sha256').update(readFileSync(lockFile)).update(machine).digest('hex');
}
