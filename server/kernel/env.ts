import { readFileSync } from 'node:fs';
import { Secret } from './secret.ts';

/** Reads one setting's text, or throws an Error whose message says what a right value looks like. */
export type Reader<T> = (text: string) => T;

export interface Setting<T> {
  read: Reader<T>;
  /** What it is for, in words that finish "FLORIN_X is missing: …". */
  purpose: string;
  fallback?: T;
}

/** As `process.env` is. */
export type Environment = Readonly<Record<string, string | undefined>>;

export class BadSettings extends Error {
  override name = 'BadSettings';
}

/**
 * Reads all settings of a process at once, from the environment alone. `NAME_FILE` may name a file that holds the value
 * (how Docker and Kubernetes hand over secrets).
 *
 * @throws BadSettings with one sentence per missing or malformed setting, never showing a value.
 */
export function readEnv<S extends Record<string, Setting<unknown>>>(
  settings: S,
  env: Environment = process.env,
): { [K in keyof S]: S[K] extends Setting<infer T> ? T : never } {
  const values: Record<string, unknown> = {};
  const complaints: string[] = [];
  for (const [name, setting] of Object.entries(settings)) {
    try {
      const text = textOf(name, env);
      if (text === undefined && 'fallback' in setting) values[name] = setting.fallback;
      else if (text === undefined) complaints.push(`${name} is missing: ${setting.purpose}.`);
      else values[name] = setting.read(text);
    } catch (error) {
      complaints.push(`${name} is malformed: ${(error as Error).message}.`);
    }
  }
  if (complaints.length > 0) throw new BadSettings(complaints.join('\n'));
  return values as { [K in keyof S]: S[K] extends Setting<infer T> ? T : never };
}

/** @throws BadSettings with a sentence for each address that is not https: for live mode, see PCI DSS v4.0.1, 4.2.1. */
export function requireHttps(addresses: readonly (readonly [name: string, address: string])[]): void {
  const plain = addresses.filter(([, address]) => new URL(address).protocol !== 'https:');
  if (plain.length === 0) return;
  const complaints = plain.map(([name]) => `${name} is malformed: outside test mode it must begin with https://.`);
  throw new BadSettings(complaints.join('\n'));
}

function textOf(name: string, env: Environment): string | undefined {
  const file = env[`${name}_FILE`];
  if (file) return readFileSync(file, 'utf8').trim();
  return env[name] === '' ? undefined : env[name];
}

export const text: Reader<string> = (value) => value;

export const secretText: Reader<Secret> = (value) => new Secret(value);

/** A secret that nobody guesses: 32 characters at the least. */
export const longSecret: Reader<Secret> = (value) => {
  if (value.length < 32)
    throw new Error('it must have 32 characters or more, such as `openssl rand -base64 32` prints');
  return new Secret(value);
};

export const url: Reader<string> = (value) => {
  if (!URL.canParse(value)) throw new Error('it must be a whole URL, such as http://localhost:3000');
  return value.replace(/\/$/, '');
};

/** Origins with commas between them. */
export const origins: Reader<string[]> = (value) =>
  value.split(',').map((part) => {
    const origin = url(part.trim());
    if (new URL(origin).origin !== origin) throw new Error('it must be origins alone, such as http://localhost:3000');
    return origin;
  });

export const secretUrl: Reader<Secret> = (value) => {
  if (!URL.canParse(value)) throw new Error('it must be a whole URL, such as postgres://user:password@host:5432/name');
  return new Secret(value);
};

export const port: Reader<number> = (value) => {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > 65_535) throw new Error('it must be a port from 1 to 65535');
  return number;
};

export const wholeNumber: Reader<number> = (value) => {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 0) throw new Error('it must be a whole number, 0 or more');
  return number;
};

/** A key of exactly 32 bytes, in base64. */
export const key256: Reader<Secret<Buffer>> = (value) => {
  const bytes = Buffer.from(value, 'base64');
  if (bytes.length !== 32) throw new Error('it must be 32 bytes in base64, such as `openssl rand -base64 32` prints');
  return new Secret(bytes);
};

/** `FLORIN_MODE`: whether money is real. */
export const mode: Reader<'test' | 'live'> = (value) => {
  if (value !== 'test' && value !== 'live') throw new Error('it must be test or live');
  return value;
};

export const flag: Reader<boolean> = (value) => {
  if (value !== 'true' && value !== 'false') throw new Error('it must be true or false');
  return value === 'true';
};

export const json: Reader<unknown> = (value) => {
  try {
    return JSON.parse(value);
  } catch {
    throw new Error('it must be JSON');
  }
};
