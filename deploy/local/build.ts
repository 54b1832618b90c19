import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alone, step } from '#deploy/install/step.mjs';
import type { Program } from './child.ts';
import type { DataFolder } from './data-folder.ts';
import { runOnce } from './node-service.ts';
import type { Pids } from './pids.ts';
import { root } from './settings.ts';

const read = ['{app,components,server,db,public}/**/*', '*.{ts,mjs,json}'];
const made = join(root, '.next/BUILD_ID');
const marker = join(root, '.next/florin-sources');

/**
 * Builds the pages, unless they were built from exactly these sources before. @throws Trouble with the build's last
 * words.
 */
export async function ensureBuild(folder: DataFolder, pids: Pids, signal: AbortSignal): Promise<void> {
  if (isBuilt()) return;
  await alone(async () => {
    if (isBuilt()) return;
    // Taken before the build: what changes meanwhile is built by the next start.
    const sources = fingerprint();
    await step('Building the pages', () => runOnce(nextBuild(folder), pids, signal));
    writeFileSync(marker, sources);
  }, signal);
}

function nextBuild(folder: DataFolder): Program {
  return {
    name: 'next build',
    args: ['node_modules/next/dist/bin/next', 'build'],
    env: { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    logFile: folder.logFile('build'),
  };
}

function isBuilt(): boolean {
  return existsSync(made) && existsSync(marker) && readFileSync(marker, 'utf8') === fingerprint();
}

/** Over what the build reads. Tests are no part of it, and neither is the file that Next writes itself. */
function fingerprint(): string {
  const hash = createHash('sha256');
  const files = globSync(read, { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$|\.md$|^next-env\.d\.ts$|\.tsbuildinfo$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files) hash.update(file.slice(root.length)).update(readFileSync(file));
  return hash.digest('hex');
}
