/**
 * Loaded into each process that the supervisor starts (`node --import`). Standard input is a pipe from the supervisor:
 * it ends when the supervisor is gone, for whatever reason, and then this process goes too.
 */
const patience = 5000;

process.stdin.on('end', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), patience).unref();
});
process.stdin.on('error', () => {});
process.stdin.resume();
process.stdin.unref();
