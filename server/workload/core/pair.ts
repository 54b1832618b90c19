import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';

/** A certificate and its private key, both PEM. */
export interface Pair {
  cert: string;
  key: string;
}

/** The pair in these two files; undefined where one is missing or they do not fit (a writer died between them). */
export async function readPair(files: Pair): Promise<Pair | undefined> {
  try {
    const [cert, key] = await Promise.all([readFile(files.cert, 'utf8'), readFile(files.key, 'utf8')]);
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)) ? { cert, key } : undefined;
  } catch {
    return undefined;
  }
}

/** Readable by the owner alone, and never half written: a running process may be reading. */
export async function writePair(files: Pair, pair: Pair): Promise<void> {
  for (const part of ['key', 'cert'] as const) {
    await writeFile(`${files[part]}.new`, pair[part], { mode: 0o600 });
    await rename(`${files[part]}.new`, files[part]);
  }
}

/** Milliseconds that a certificate is still good for; negative once it has expired. */
export function lifeLeft({ cert }: Pair, now: Date): number {
  return new X509Certificate(cert).validToDate.getTime() - now.getTime();
}

/** Whether `issuer` signed `leaf`. */
export function signedBy(leaf: Pair, issuer: Pair): boolean {
  return new X509Certificate(leaf.cert).verify(new X509Certificate(issuer.cert).publicKey);
}
