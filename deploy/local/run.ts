import { once } from 'node:events';
import { join } from 'node:path';
import { reapPostmaster } from '#db/embedded-stale.ts';
import { step } from '#deploy/install/step.mjs';
import { systemClock } from '#server/kernel/clock.ts';
import { ensureAuthority } from '#server/workload/authority.ts';
import { ensureBuild } from './build.ts';
import { issueCertificates, renewCertificates } from './certificates.ts';
import { claimFolder, type DataFolder } from './data-folder.ts';
import { prepareDatabases } from './databases.ts';
import { nodeService } from './node-service.ts';
import { openPids, type Pids } from './pids.ts';
import { requireFree } from './ports.ts';
import { embeddedService, embeddedUrl, requireServer, socketFolder } from './postgres.ts';
import { type Plan, processes } from './processes.ts';
import { announce, readyOf } from './ready.ts';
import { ensureSecrets, type Secrets } from './secrets.ts';
import type { Settings } from './settings.ts';
import { type Seams, supervise } from './supervise.ts';
import { welcome } from './welcome.ts';

const seams: Seams = { clock: systemClock, report: (sentence) => void process.stderr.write(`${sentence}\n`) };

/**
 * Brings the product up, keeps it up until `signal` aborts, and takes it down, leaving no process behind.
 *
 * @throws Trouble where something cannot be had; what had been started is down again by then.
 */
export async function run(settings: Settings, signal: AbortSignal): Promise<void> {
  await using house = new AsyncDisposableStack();
  const folder = house.use(await claimFolder(settings.folder));
  const pids = await openPids(join(folder.path, 'pids.json'));
  await reapPostmaster(join(folder.path, 'postgres'));
  await requireFree(settings);
  if (settings.databaseUrl) await requireServer(settings.databaseUrl);
  const secrets = await ensureSecrets(folder.path);
  await ensureBuild(folder, pids, signal);

  const adminUrl = await openDatabase({ settings, folder, secrets }, house, signal);
  await step('Preparing the databases', () => prepareDatabases({ folder, adminUrl, secrets, pids }, signal));
  const authority = await ensureAuthority(join(folder.path, 'certificates'));
  const certificates = await issueCertificates(authority);
  house.use(renewCertificates(authority, seams.report));

  const { ports, stripe } = settings;
  const plan: Plan = { folder, ports, secrets, adminUrl, certificates, stripe };
  house.use(await step('Starting vault, acquirers, web, api and worker', () => startAll(plan, pids, signal)));
  const ready = readyOf(plan);
  house.use(announce(folder.path, ready));
  process.stdout.write(welcome(ready));
  if (!signal.aborted) await once(signal, 'abort');
  process.stdout.write('\nStopping.\n');
}

interface Ground {
  settings: Settings;
  folder: DataFolder;
  secrets: Secrets;
}

/** The admin URL of the PostgreSQL that was named, or of ours, which it starts. */
async function openDatabase(
  { settings: { databaseUrl, ports }, folder, secrets }: Ground,
  house: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<string> {
  if (databaseUrl) return databaseUrl.reveal();
  const [port, password] = [ports.postgres, secrets.postgresPassword];
  const sockets = await socketFolder(folder, port);
  const service = embeddedService(folder, { port, password, sockets });
  house.use(await step('Starting PostgreSQL', () => supervise(service, seams, signal)));
  return embeddedUrl(port, password, sockets);
}

/** All at once; if one does not come up, all go down and its complaint is thrown. */
async function startAll(plan: Plan, pids: Pids, signal: AbortSignal): Promise<AsyncDisposable> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const starts = processes(plan).map(async (server) => {
    try {
      return await supervise(nodeService(server, pids), seams, either);
    } catch (error) {
      failed.abort(error);
      return undefined;
    }
  });
  const kept = await Promise.all(starts);
  const stopAll = async () => void (await Promise.all(kept.map((one) => one?.[Symbol.asyncDispose]())));
  if (either.aborted) {
    await stopAll();
    throw either.reason;
  }
  return { [Symbol.asyncDispose]: stopAll };
}
