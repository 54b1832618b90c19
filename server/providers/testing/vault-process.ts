import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testDatabase } from '#db/testing/database.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { freePort } from '#server/observability/testing/ports.ts';
import { startProcess } from '#server/observability/testing/process.ts';
import { makeVaultClient } from '#server/vault-client/vault-client.ts';
import { workloadAgent } from '#server/workload/agent.ts';
import { ensureAuthority } from '#server/workload/authority.ts';

/** What the vault's settings say of a provider: its kind, where it listens, and the key that the egress shows it. */
export type Egress = Record<string, { kind: 'sandbox' | 'stripe'; url: string; key: string }>;

/** The vault, as a process of its own with a database of its own, and a client that calls it as the API does. */
export async function startVaultProcess(egress: Egress) {
  const database = await testDatabase('vault');
  const folder = await mkdtemp(join(tmpdir(), 'florin-egress-'));
  const authority = await ensureAuthority(folder);
  const [port, internalPort] = [await freePort(), await freePort()];
  const { ca, cert, key } = await authority.issue('vault');
  const child = await startProcess('server/vault/main.ts', {
    ready: `http://127.0.0.1:${port}/ready`,
    env: {
      FLORIN_MODE: 'test',
      FLORIN_VAULT_DATABASE_URL: database.url('vault'),
      FLORIN_VAULT_PORT: String(port),
      FLORIN_VAULT_INTERNAL_PORT: String(internalPort),
      FLORIN_VAULT_PUBLIC_URL: `http://127.0.0.1:${port}`,
      FLORIN_VAULT_MASTER_KEY: systemRandom(32).toString('base64'),
      FLORIN_VAULT_FRAME_PARENTS: 'http://localhost:3000',
      FLORIN_VAULT_EGRESS: JSON.stringify(egress),
      FLORIN_TLS_CA: ca,
      FLORIN_TLS_CERT: cert,
      FLORIN_TLS_KEY: key,
    },
  });
  const agent = workloadAgent(await authority.issue('api'), { to: 'vault' });
  return {
    client: makeVaultClient({ url: `https://127.0.0.1:${internalPort}`, agent }),
    /** Everything it wrote so far. */
    output: child.output,
    async stop() {
      await agent.destroy();
      await child.stop();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
