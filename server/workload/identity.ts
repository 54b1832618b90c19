import { readFileSync } from 'node:fs';
import { text } from '#server/kernel/env.ts';

/** Paths of one workload's PEM files. */
export interface PemFiles {
  ca: string;
  cert: string;
  key: string;
}

/** Part of the settings of every process that takes or makes calls between processes. */
export const identitySettings = {
  FLORIN_TLS_CA: { read: text, purpose: 'the PEM file with the authority that signs workload certificates' },
  FLORIN_TLS_CERT: { read: text, purpose: "the PEM file with this process's workload certificate" },
  FLORIN_TLS_KEY: { read: text, purpose: 'the PEM file with the private key of that certificate' },
};

export function identityFiles(env: { [name in keyof typeof identitySettings]: string }): PemFiles {
  return { ca: env.FLORIN_TLS_CA, cert: env.FLORIN_TLS_CERT, key: env.FLORIN_TLS_KEY };
}

/** The PEM texts as they are on disk now: certificates live for a day and are replaced under running processes. */
export function readIdentity(files: PemFiles): PemFiles {
  const read = (path: string) => readFileSync(path, 'utf8');
  return { ca: read(files.ca), cert: read(files.cert), key: read(files.key) };
}
