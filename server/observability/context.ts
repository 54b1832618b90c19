import { AsyncLocalStorage } from 'node:async_hooks';
import type { Fields } from './fields.ts';
import { processWide } from './process-wide.ts';

const storage = () => processWide('context', () => new AsyncLocalStorage<Fields>());

/** Runs `fn` so that every log line written in it, however deep and however late, carries these fields. */
export function withContext<T>(fields: Fields, fn: () => T): T {
  return storage().run({ ...currentContext(), ...fields }, fn);
}

export function currentContext(): Fields {
  return storage().getStore() ?? {};
}
