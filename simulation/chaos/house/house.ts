import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSql, type RawSql } from '#db/client.ts';
import { testDatabase } from '#db/testing/database.ts';
import { freePorts } from '#server/observability/testing/ports.ts';
import type { Program } from '../child.ts';
import { type Database, makeDatabase } from '../database.ts';
import { makeNursery } from '../nursery.ts';
import { type Place, type Service, startService, type Told } from '../place.ts';
import { layWire, type Wire } from '../proxy.ts';
import { addMerchants, type Merchant } from './merchants.ts';
import { acquirerNames, type Ports, settingsOf } from './settings.ts';
import { startWarehouse, type Warehouse } from './warehouse.ts';

/** The wires that can be cut, by who speaks and who is spoken to. */
export interface Wires {
  'api, worker to PostgreSQL': Wire;
  'vault to PostgreSQL': Wire;
  'api, worker to vault': Wire;
  'vault to alder': Wire;
  'vault to birch': Wire;
  'alder to api': Wire;
  'birch to api': Wire;
}

/** A question to the database. */
export type Ask<T> = (sql: RawSql) => Promise<T>;

/** The whole house: two APIs, two workers, the vault, the pages' door, two acquirers, a warehouse and PostgreSQL. */
export interface House {
  services: readonly Service[];
  apiUrls: readonly [string, string];
  pagesUrl: string;
  vaultUrl: string;
  acquirerUrls: Record<(typeof acquirerNames)[number], string>;
  wires: Wires;
  database: Database;
  warehouse: Warehouse;
  merchants: readonly Merchant[];
  /** As the owner, past the proxy; opened for one question, since the database comes and goes. */
  asOwner<T>(ask: Ask<T>): Promise<T>;
  folder: string;
  /** For whoever has to find out what happened. */
  keepLogs(): void;
  stop(): Promise<void>;
}

export async function openHouse(told: Told, { isDurable }: { isDurable: boolean }): Promise<House> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'florin-chaos-'));
  let isKept = false;
  opened.defer(async () => void (isKept || (await rm(folder, { recursive: true, force: true }))));
  await mkdir(join(folder, 'logs'));
  // A process that is down for a moment must find its port free, and nobody else may answer there.
  const free = await freePorts(24);
  const port = () => free.shift() as number;
  const database = await makeDatabase({ isDurable, port: port() });
  opened.defer(() => database.close());
  process.env.FLORIN_TEST_ADMIN_URL = database.adminUrl;
  const [florin, vault] = await Promise.all([testDatabase('florin'), testDatabase('vault')]);
  const merchants = await addMerchants(florin.url('owner'));
  const warehouse = await startWarehouse(port());
  opened.defer(() => warehouse.stop());

  const own = ownPorts(port, warehouse.port);
  const wires = await layWires(port, { postgres: database.port, own });
  opened.defer(async () => void (await Promise.all(Object.values(wires).map((wire) => wire.close()))));
  const ports = reached(own, wires);
  const over = (url: string, { port }: Wire) => Object.assign(new URL(url), { port: String(port) }).toString();
  const ours = wires['api, worker to PostgreSQL'];
  const settings = await settingsOf({
    folder,
    ports,
    merchantIds: merchants.map(({ id }) => id),
    database: {
      web: over(florin.url('web'), ours),
      api: over(florin.url('api'), ours),
      worker: over(florin.url('worker'), ours),
      vault: over(vault.url('vault'), wires['vault to PostgreSQL']),
    },
  });
  const places = placesOf({ settings, ports, folder, probe: merchants[0] });
  for (const { nursery } of places) if (nursery) opened.defer(() => nursery.close());
  const services = await Promise.all(places.map((place) => startService(place, told)));
  opened.defer(async () => void (await Promise.all(services.map((service) => service.stop()))));
  const closing = opened.move();
  return {
    services,
    apiUrls: [`http://127.0.0.1:${ports.api[0]}`, `http://127.0.0.1:${ports.api[1]}`],
    pagesUrl: `http://127.0.0.1:${ports.pages}`,
    vaultUrl: `http://127.0.0.1:${ports.vault}`,
    acquirerUrls: {
      alder: `http://127.0.0.1:${ports.acquirer.alder}`,
      birch: `http://127.0.0.1:${ports.acquirer.birch}`,
    },
    wires,
    database,
    warehouse,
    merchants,
    asOwner: owning(florin.url('owner')),
    folder,
    keepLogs() {
      isKept = true;
    },
    stop: () => closing.disposeAsync(),
  };
}

function owning(url: string): House['asOwner'] {
  return async (ask) => {
    const sql = openSql(url, { application: 'chaos', max: 1 });
    return ask(sql).finally(() => sql.end({ timeout: 2 }));
  };
}

type OwnPorts = Omit<Ports, 'toAcquirer' | 'toApi' | 'toVault'>;

function ownPorts(port: () => number, warehouse: number): OwnPorts {
  return {
    api: [port(), port()],
    worker: [port(), port()],
    vault: port(),
    vaultInternal: port(),
    pages: port(),
    warehouse,
    acquirer: { alder: port(), birch: port() },
  };
}

async function layWires(port: () => number, { postgres, own }: { postgres: number; own: OwnPorts }): Promise<Wires> {
  return {
    'api, worker to PostgreSQL': await layWire(postgres, port()),
    'vault to PostgreSQL': await layWire(postgres, port()),
    'api, worker to vault': await layWire(own.vaultInternal, port()),
    'vault to alder': await layWire(own.acquirer.alder, port()),
    'vault to birch': await layWire(own.acquirer.birch, port()),
    'alder to api': await layWire(own.api[0], port()),
    'birch to api': await layWire(own.api[1], port()),
  };
}

function reached(own: OwnPorts, wires: Wires): Ports {
  return {
    ...own,
    toVault: wires['api, worker to vault'].port,
    toAcquirer: { alder: wires['vault to alder'].port, birch: wires['vault to birch'].port },
    toApi: { alder: wires['alder to api'].port, birch: wires['birch to api'].port },
  };
}

interface Plan {
  settings: Awaited<ReturnType<typeof settingsOf>>;
  ports: Ports;
  folder: string;
  /** Who asks an API whether it is at work. */
  probe: Merchant | undefined;
}

const warmAtOnce = 2;
/** An API that says of it that it does not exist has asked the database. */
const nobodys = 'pi_00000000000000000000000000';

type MakeProgram = (name: string, entry: string, env: Record<string, string>) => Program;

/** Who may be told where to die, and those who wait to follow. */
function mortalsOf(program: MakeProgram, settings: Plan['settings']) {
  const api = program('api', 'simulation/chaos/mortal/api.ts', settings.api);
  const worker = program('worker', 'simulation/chaos/mortal/worker.ts', settings.worker);
  const pages = program('pages', 'simulation/chaos/mortal/pages.ts', settings.pages);
  const nurseries = {
    api: makeNursery(api, warmAtOnce),
    worker: makeNursery(worker, warmAtOnce),
    pages: makeNursery(pages, 1),
  };
  return { api, worker, pages, nurseries };
}

function placesOf({ settings, ports, folder, probe }: Plan): Place[] {
  const logFile = (name: string) => join(folder, 'logs', `${name}.log`);
  const at = (port: number) => `http://127.0.0.1:${port}`;
  const program = (name: string, entry: string, env: Record<string, string>) => ({
    entry,
    env,
    logFile: logFile(name),
  });
  const { api, worker, pages, nurseries } = mortalsOf(program, settings);
  const headers = { authorization: `Bearer ${probe?.key}` };
  return [
    {
      name: 'vault',
      kind: 'vault',
      program: program('vault', 'server/vault/main.ts', settings.vault),
      ready: `${at(ports.vault)}/ready`,
    },
    ...acquirerNames.map(
      (name): Place => ({
        name,
        kind: 'acquirer',
        program: program(name, 'server/sandbox/main.ts', settings.acquirer(name)),
        ready: `${at(ports.acquirer[name])}/ready`,
      }),
    ),
    ...ports.api.map(
      (port, n): Place => ({
        name: `api-${n + 1}`,
        kind: 'api',
        program: api,
        serve: { FLORIN_API_PORT: String(port) },
        nursery: nurseries.api,
        ready: `${at(port)}/ready`,
        proof: { url: `${at(port)}/v1/payment_intents/${nobodys}`, headers, status: 404 },
      }),
    ),
    ...ports.worker.map(
      (port, n): Place => ({
        name: `worker-${n + 1}`,
        kind: 'worker',
        program: worker,
        serve: { FLORIN_WORKER_PORT: String(port) },
        nursery: nurseries.worker,
        ready: `${at(port)}/ready`,
      }),
    ),
    {
      name: 'pages',
      kind: 'pages',
      program: pages,
      serve: {},
      nursery: nurseries.pages,
      ready: `${at(ports.pages)}/health`,
    },
  ];
}
