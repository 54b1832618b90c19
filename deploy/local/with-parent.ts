import { fstatSync } from 'node:fs';

/**
 * Loaded into each process that the supervisor starts (`node --import`). Standard input is a pipe from the supervisor:
 * it ends when the supervisor is gone, for whatever reason, and then this process goes too, with all that it started.
 */
const patience = 5000;
const group = process.platform === 'win32' ? process.pid : -process.pid;

// A worker that such a process starts may load this too, with something else as its standard input.
if (fstatSync(0).isSocket() || fstatSync(0).isFIFO()) {
  process.stdin.on('end', () => {
    setTimeout(() => process.kill(group, 'SIGKILL'), patience).unref();
    process.kill(group, 'SIGTERM');
  });
  process.stdin.on('error', () => {});
  process.stdin.resume();
  process.stdin.unref();
}
