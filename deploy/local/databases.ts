import type { DataFolder } from './data-folder.ts';
import { runOnce } from './node-service.ts';
import type { Pids } from './pids.ts';
import { common } from './processes.ts';
import type { Secrets } from './secrets.ts';

/** Brings roles, databases and tables up to date and puts the demo merchant in; both may run at every start. */
export async function prepareDatabases(
  { folder, adminUrl, secrets, pids }: { folder: DataFolder; adminUrl: string; secrets: Secrets; pids: Pids },
  signal: AbortSignal,
): Promise<void> {
  const logFile = folder.logFile('databases');
  const admin = { ...common(folder), FLORIN_ADMIN_DATABASE_URL: adminUrl };
  const passwords = {
    FLORIN_WEB_DATABASE_PASSWORD: secrets.webDatabasePassword,
    FLORIN_API_DATABASE_PASSWORD: secrets.apiDatabasePassword,
    FLORIN_WORKER_DATABASE_PASSWORD: secrets.workerDatabasePassword,
    FLORIN_VAULT_DATABASE_PASSWORD: secrets.vaultDatabasePassword,
  };
  const demo = {
    FLORIN_SHOP_SECRET_KEY: secrets.shopSecretKey,
    FLORIN_OWNER_PASSWORD: secrets.ownerPassword,
    FLORIN_FINANCE_PASSWORD: secrets.financePassword,
    FLORIN_SUPPORT_PASSWORD: secrets.supportPassword,
  };
  await runOnce(
    { name: 'migrations', args: ['db/migrate.ts'], env: { ...admin, ...passwords }, logFile },
    pids,
    signal,
  );
  await runOnce({ name: 'seed', args: ['db/seed.ts'], env: { ...admin, ...demo }, logFile }, pids, signal);
}
