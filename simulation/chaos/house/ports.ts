import { isFree } from '#server/observability/testing/process.ts';

const wanted = 24;
const [lowest, blocks] = [20_000, 390];

/**
 * Free ports in a row, from below those that tests and the system draw by themselves: a process that is down for a
 * moment must find its port free, and nobody else may answer there.
 */
export async function freePorts(): Promise<() => number> {
  for (;;) {
    const first = lowest + wanted * Math.floor(Math.random() * blocks);
    const ports = Array.from({ length: wanted }, (_, n) => first + n);
    if (!(await allFree(ports))) continue;
    return () => {
      const port = ports.shift();
      if (port === undefined) throw new Error(`a house has ${wanted} ports`);
      return port;
    };
  }
}

async function allFree(ports: readonly number[]): Promise<boolean> {
  for (const port of ports) if (!(await isFree(port))) return false;
  return true;
}
