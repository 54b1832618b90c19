import { statfsSync } from 'node:fs';
import { machine, type Machine as Plain, versionOf } from '#server/observability/machine.ts';

/** Where and with what a run was made. */
export interface Machine extends Plain {
  /** Of the database's folder: `ext4`; on `tmpfs` a commit costs nothing, and the run says so. */
  fileSystem: string;
  /** Packages on the way of a request, with their versions. */
  packages: Record<string, string>;
}

const named = ['postgres', 'fastify', 'undici', 'zod', 'drizzle-orm', 'pino'];

export function machineOf(folder: string): Machine {
  return {
    ...machine(),
    fileSystem: fileSystems[statfsSync(folder).type] ?? `type ${statfsSync(folder).type.toString(16)}`,
    packages: Object.fromEntries(named.map((name) => [name, versionOf(name)])),
  };
}

/** By the magic numbers of Linux (statfs(2)). */
const fileSystems: Record<number, string> = {
  61267: 'ext4',
  1481003842: 'xfs',
  2435016766: 'btrfs',
  801189825: 'zfs',
  16914836: 'tmpfs',
  2035054128: 'overlayfs',
};
