import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { alone, Missing, modules, root, run, step, windows } from './step.mjs';

const lockFile = join(root, 'package-lock.json');
const marker = join(modules, '.florin-lock');
const nodeProgram = join(modules, '.bin', windows ? 'node.cmd' : 'node');
const nodeMajor = 24;

/** Makes node_modules fit to the lock file and to this machine, with the Node that the product runs on among it. */
export async function installPackages() {
  if (installed()) return;
  await alone(async () => {
    if (installed()) return;
    if (!installedByHand()) await step('Installing packages from npm', npmCi);
    requireNode();
    writeFileSync(marker, fingerprint());
  });
}

function installed() {
  return existsSync(marker) && readFileSync(marker, 'utf8') === fingerprint() && existsSync(nodeProgram);
}

function fingerprint() {
  const machine = `${process.platform}-${process.arch}`;
  return createHash('sha256').update(readFileSync(lockFile)).update(machine).digest('hex');
}

/** After an `npm install` by hand, npm's own record of what is there agrees with the lock file. */
function installedByHand() {
  const record = join(modules, '.package-lock.json');
  if (!existsSync(record) || !existsSync(nodeProgram)) return false;
  const there = JSON.parse(readFileSync(record, 'utf8')).packages;
  const locked = JSON.parse(readFileSync(lockFile, 'utf8')).packages;
  return Object.entries(locked).every(([path, entry]) => {
    const found = there[path];
    return path === '' || (found ? found.integrity === entry.integrity : entry.optional === true);
  });
}

async function npmCi() {
  // Node itself may be running out of the folder that npm is about to empty: npm gets the machine's own.
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
  const env = { ...process.env, PATH: path.join(delimiter) };
  const { code, said } = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], env);
  if (code === 0) return;
  process.stderr.write(`\n${said.trim().split('\n').slice(-15).join('\n')}\n`);
  throw new Missing('npm could not install the packages: see that `npm ping` reaches your registry, and try again.');
}

function requireNode() {
  if (nodeVersion().startsWith(`v${nodeMajor}.`)) return;
  throw new Missing(
    `Node ${nodeMajor} could not be fetched from npm: allow install scripts (\`npm config delete ignore-scripts\`), ` +
      'remove node_modules, and try again.',
  );
}

function nodeVersion() {
  try {
    return execFileSync(nodeProgram, ['--version'], { encoding: 'utf8', shell: windows });
  } catch {
    return '';
  }
}
