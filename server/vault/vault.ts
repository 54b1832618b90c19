import type { Clock } from '#server/kernel/clock.ts';
import type { Ids } from '#server/kernel/id.ts';
import type { Random } from '#server/kernel/secret.ts';
import type { Log } from '#server/observability/log.ts';
import { workloadAgent } from '#server/workload/agent.ts';
import { policies } from '#server/workload/policy.ts';
import { workloadServer } from '#server/workload/server.ts';
import { openVault } from './core/database.ts';
import { makeEgress } from './core/egress.ts';
import { makeForward } from './core/forward.ts';
import { makeInternalDoors } from './core/internal-doors.ts';
import { makeKeyring } from './core/keyring.ts';
import { openProviders } from './core/providers.ts';
import { publicServer } from './core/public-server.ts';
import { startRetention } from './core/retention.ts';
import { isTaken, makeTaker } from './core/take.ts';
import { readTime } from './core/time.ts';
import { makeTokens } from './core/tokens.ts';
import { makeVerificationCodes } from './core/verification-codes.ts';
import type { Settings } from './settings.ts';

export interface VaultSeams {
  clock: Clock;
  random: Random;
  ids: Ids;
  log: Log;
}

export interface Vault {
  port: number;
  internalPort: number;
  /** What its database's clock says. */
  databaseTime(): Promise<Date>;
  /** Lets what is under way end, for four seconds at most; what is then unanswered is unknown to whoever asked. */
  stop(): Promise<void>;
}

/** The one process that sees card numbers: takes them from browsers, and puts them into requests to providers. */
export async function startVault(settings: Settings, seams: VaultSeams): Promise<Vault> {
  const { clock, random, log } = seams;
  const { identity, host } = settings;
  const sql = openVault(settings.databaseUrl);
  const keyring = makeKeyring(settings.masterKey, random);
  const codes = makeVerificationCodes(clock);
  const providers = openProviders(settings.providers);
  const others = workloadAgent(identity, { to: 'vault' });
  const tokens = makeTokens({ ...seams, sql, keyring, codes, testMode: settings.testMode, holder: settings.self });
  const forward = makeForward({ self: settings.self, agent: others });
  const egress = makeEgress({
    providers,
    tokens,
    take: makeTaker({ sql, clock }),
    isTaken: (send) => isTaken(sql, send),
    keyring,
    codes,
    clock,
    log,
    forward,
  });
  const handle = makeInternalDoors({ tokens, egress, log, clock });
  const internal = await workloadServer({
    port: settings.internalPort,
    host,
    identity,
    policy: policies.vault,
    log,
    clock,
    handle,
  });
  const ready = async () => (await sql`SELECT 1`).length === 1;
  const open = await publicServer({ ...settings, tokens, ready, log, clock }, { port: settings.port, host });
  const stopRetention = startRetention({ sql, codes, clock, log });
  return {
    port: open.port,
    internalPort: internal.port,
    databaseTime: () => readTime(sql),
    async stop() {
      stopRetention();
      await Promise.all([open.stop(), internal.stop()]);
      await Promise.all([...providers.values()].map(({ pool }) => pool.destroy()));
      await Promise.all([others.destroy(), sql.end({ timeout: 1 })]);
    },
  };
}
