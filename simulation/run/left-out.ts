/**
 * The faults of the catalogue that this layer does not inject, and who does. Kept as a list, so that nothing is
 * missing in silence.
 */
// biome-ignore format: a table
export const leftOut: Readonly<Record<`F${number}`, { says: string; why: string }>> = {
  F6:  { says: 'random kills of all processes',            why: 'real processes: `npm run chaos`' },
  F25: { says: 'a webhook with another merchant’s secret',  why: 'one secret per provider; tests of `server/webhooks`' },
  F27: { says: 'a webhook secret is rotated under traffic', why: 'tests of `server/webhooks`' },
  F29: { says: 'one PostgreSQL backend is killed',          why: 'real PostgreSQL under load: `npm run chaos`' },
  F30: { says: 'power loss',                                why: 'needs a file system that drops unsynced writes' },
  F31: { says: 'the disk is full',                          why: 'needs a disk of its own' },
  F32: { says: 'fsync fails',                               why: 'needs a file system that fails' },
  F33: { says: 'the pool is exhausted',                     why: 'queues of real connections; tests of `server/api`' },
  F35: { says: 'a deadlock',                                why: 'statements of one transaction: `simulation/races`' },
  F36: { says: 'a migration holds its lock',                why: 'no schema changes within a simulated hour' },
  F37: { says: 'a long reader, bloat',                      why: 'no wear of a disk in virtual time' },
  F40: { says: 'the bus is down for ten minutes',           why: 'consumers that stand still: tests of `server/events`' },
  F46: { says: 'the vault is down or slow',                 why: 'the vault is a double here; tests of `server/api`' },
  F47: { says: 'the vault dies after tokenising',           why: 'the vault is a double here; tests of `server/vault`' },
  F48: { says: 'keys are rotated under load',               why: 'the vault is a double here; tests of `server/vault`' },
  F49: { says: 'a certificate expires or is wrong',         why: 'no TLS here; tests of `server/workload`' },
  F56: { says: 'capture against void, statement by statement', why: '`simulation/races`' },
  F57: { says: 'reconcile against refund',                  why: 'not aimed at; both orders: tests of `server/payments`' },
  F61: { says: 'old and new code side by side',             why: 'one version runs here' },
  F62: { says: 'restored from a backup',                    why: 'no backup within a simulated hour; tests of `db`' },
};
