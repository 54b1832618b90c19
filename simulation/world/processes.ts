import type { FastifyInstance } from 'fastify';
import { connectionsOver, type Pools } from '#db/client.ts';
import { makeServer } from '#server/api/server.ts';
import { callerOfKey } from '#server/auth/api-keys.ts';
import { assemble, type Composition } from '#server/composition/rooms.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { followedClock } from '#server/kernel/followed-clock.ts';
import { makeLog } from '#server/observability/log.ts';
import type { VaultClient } from '#server/vault-client/vault-client.ts';
import { makeReceiver } from '#server/webhooks/receive.ts';
import { gated } from '../engine/database.ts';
import type { Engine, Life } from '../engine/engine.ts';
import { type ProcessName, processNames } from '../plan.ts';
import type { Troubled } from './consumer-faults.ts';
import { addRejection } from './rules.ts';
import { told, webhookSettings } from './settings.ts';
import type { Stage } from './stage.ts';
import type { Traffic } from './traffic.ts';
import type { TransactionFaults } from './transaction-faults.ts';
import { work } from './work.ts';
import type { Network } from './world.ts';

/** A process between its start and its end. */
export interface Running {
  life: Life;
  rooms: Composition;
  /** Of an API process: its door. */
  app: FastifyInstance | undefined;
}

export interface Processes {
  start(): Promise<void>;
  /** Undefined while it is down. */
  running(name: ProcessName): Running | undefined;
  all(): Running[];
}

interface Begun {
  life: Life;
  clock: Clock;
  service: 'api' | 'worker';
  generation: number;
}

export interface ProcessesSeams {
  engine: Engine;
  stage: Stage;
  network: Network;
  transactions: TransactionFaults;
  troubled: Troubled;
  traffic: Traffic;
  /** Between a process and the vault's answer to it. */
  heard(life: Life, vault: VaultClient): VaultClient;
}

/** Virtual milliseconds until a process that died is back. */
const restart = { least: 300, most: 3_000 };

const silent = makeLog('simulation', { write: () => {} });

/** Two APIs and two workers, made of the rooms as production makes them. Who dies comes back. */
export function makeProcesses(seams: ProcessesSeams): Processes {
  const { engine, stage } = seams;
  const { dice } = engine;
  const supervisor = engine.begin('supervisor');
  const running = new Map<ProcessName, Running>();
  const generations = new Map<ProcessName, number>();

  async function begin(name: ProcessName): Promise<void> {
    const generation = (generations.get(name) ?? 0) + 1;
    generations.set(name, generation);
    const life = engine.begin(name);
    const service = name.startsWith('api') ? 'api' : 'worker';
    // The database's clock is the world's own time: what strikes a machine's clock must reach nobody's decisions.
    const { clock, follow } = followedClock(life.clock, engine.elapsed);
    life.onEnd(await follow(async () => supervisor.clock.now()));
    const rooms = roomsOf({ life, clock, service, generation });
    const app = service === 'api' ? await doorOf(rooms) : undefined;
    running.set(name, { life, rooms, app });
    if (service === 'worker') work({ life, rooms, ...seams });
    life.onEnd(() => {
      running.delete(name);
      const { least, most } = restart;
      const pause = least + dice.whole(`restart/${name}/${generation}`, most - least);
      engine.after(pause, () => void engine.step(supervisor, 'act', `starts ${name}`, () => begin(name)));
    });
  }

  function roomsOf({ life, clock, service, generation }: Begun): Composition {
    const over = (pools: Pools): Pools => ({
      drizzled: gated(pools.drizzled as never, life, engine, seams.transactions.sea),
      sql: gated(pools.sql, life, engine, seams.transactions.sea),
      mover: gated(pools.mover, life, engine, seams.transactions.sea),
    });
    return assemble(
      told,
      {
        service,
        clock,
        random: dice.bytes(`random/${life.name}/${generation}`),
        log: silent,
        failpoint: seams.transactions.failpoint(life),
      },
      {
        connections: connectionsOver(over(stage.pools[service])),
        vault: seams.heard(life, seams.network.vault(life)),
        reports: seams.network.reports(life),
      },
    );
  }

  return {
    async start() {
      await addRejection(stage.sql, dice.bytes('rules'));
      for (const name of processNames) await begin(name);
    },
    running: (name) => running.get(name),
    all: () => [...running.values()],
  };
}

async function doorOf(rooms: Composition): Promise<FastifyInstance> {
  const app = makeServer({
    ...rooms,
    callerOfKey: (text) => callerOfKey(rooms.db, text),
    webhooks: makeReceiver({ ...rooms, processor: rooms.webhooks, settings: webhookSettings }),
    trustedHops: 0,
  });
  await app.ready();
  return app;
}
