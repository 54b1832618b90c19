import { closeSync, openSync, writeSync } from 'node:fs';
import { devNull } from 'node:os';
import { openDatabase } from '#db/client.ts';
import type { Warehouse } from '#server/checkout/warehouse.ts';
import { assemble, type Composition } from '#server/composition/rooms.ts';
import { systemClock } from '#server/kernel/clock.ts';
import { Secret, systemRandom } from '#server/kernel/secret.ts';
import { makeLog } from '#server/observability/log.ts';
import type { VaultClient } from '#server/vault-client/vault-client.ts';
import { providerSettings } from './providers.ts';

export interface RoomsOptions {
  /** Signed in as the process's role. */
  url: string;
  service: 'web' | 'api' | 'worker';
  vault: VaultClient;
  warehouses?: ReadonlyMap<string, Warehouse>;
}

const sealKey = new Secret(systemRandom(32));

/**
 * The rooms of one process, composed as production composes them over pools of the same size, with another vault at the
 * end of the wire. They log as in production, line by line, to where nobody reads.
 */
export function openRooms({ url, service, vault, warehouses }: RoomsOptions): Composition {
  const connections = openDatabase({ url, application: `florin ${service}` });
  const sink = openSync(devNull, 'w');
  const log = makeLog(service, { level: 'info', write: (line) => void writeSync(sink, line) });
  const rooms = assemble(
    {
      FLORIN_MODE: 'test',
      FLORIN_WEB_URL: 'http://localhost:3000',
      FLORIN_ESCALATE_AFTER: 600,
      FLORIN_CART_SEAL_KEY: sealKey,
      FLORIN_PROVIDERS: providerSettings(),
    },
    { service, clock: systemClock, random: systemRandom, log, ...(warehouses && { warehouses }) },
    { connections, vault },
  );
  return {
    ...rooms,
    async close() {
      await rooms.close();
      await connections.close();
      closeSync(sink);
    },
  };
}
