import type { Pool } from 'undici';
import type { Secret } from '#server/kernel/secret.ts';
import { type Kind, type KindName, kinds } from './kinds.ts';
import { openPool } from './wire.ts';

/** One provider as the settings name it. */
export interface ProviderSetting {
  kind: KindName;
  /** Where it listens, with a base path if it has one. */
  url: string;
  key: Secret;
}

/** One that requests may be sent to: the only hosts that this process ever connects to beside its database. */
export interface Provider {
  kind: Kind;
  basePath: string;
  pool: Pool;
  headers(): Record<string, string>;
}

export function openProviders(settings: Record<string, ProviderSetting>): Map<string, Provider> {
  return new Map(
    Object.entries(settings).map(([name, { kind, url, key }]) => {
      const { origin, pathname } = new URL(url);
      const headers = () => kinds[kind].headers(key.reveal());
      return [name, { kind: kinds[kind], basePath: pathname.replace(/\/$/, ''), pool: openPool(origin), headers }];
    }),
  );
}
