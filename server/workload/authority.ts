import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, systemClock } from '#server/kernel/clock.ts';
import { makeLeaf, makeRoot } from './core/certificate.ts';
import { lifeLeft, readPair, signedBy, writePair } from './core/pair.ts';
import type { PemFiles } from './identity.ts';
import type { Workload } from './policy.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** Short, since nobody revokes: a stolen key is worth little for long. */
const leafLife = day;
const rootLife = 365 * day;
/** The clocks of two machines differ a little. */
const skew = hour / 12;

export interface Authority {
  /**
   * Writes `<workload>.pem` and `<workload>-key.pem`, unless what is there lives for another twelve hours. Called again
   * every few hours it keeps running processes alive, since they read their files anew.
   */
  issue(workload: Workload): Promise<PemFiles>;
}

/**
 * The certificate authority of one installation, made in `dir` at first start (folder 0700, files 0600). Elsewhere than
 * on one machine certificates come from the platform, through the same three files.
 */
export async function ensureAuthority(dir: string, clock: Clock = systemClock): Promise<Authority> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const files = { cert: join(dir, 'ca.pem'), key: join(dir, 'ca-key.pem') };
  const found = await readPair(files);
  const root = found && lifeLeft(found, clock.now()) > 30 * day ? found : await makeRoot(validity(clock, rootLife));
  if (root !== found) await writePair(files, root);
  return {
    async issue(workload) {
      const paths = { cert: join(dir, `${workload}.pem`), key: join(dir, `${workload}-key.pem`) };
      const leaf = await readPair(paths);
      const good = leaf && lifeLeft(leaf, clock.now()) > leafLife / 2 && signedBy(leaf, root);
      if (!good) await writePair(paths, await makeLeaf(workload, root, validity(clock, leafLife)));
      return { ca: files.cert, ...paths };
    },
  };
}

function validity(clock: Clock, life: number) {
  const now = clock.now().getTime();
  return { notBefore: new Date(now - skew), notAfter: new Date(now + life) };
}
