import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Settings } from './settings.ts';
import { Trouble } from './trouble.ts';

/** @throws Trouble naming the ports that somebody else listens on. */
export async function requireFree({ ports, databaseUrl }: Settings): Promise<void> {
  const taken: string[] = [];
  for (const [name, port] of Object.entries(ports)) {
    const ours = name !== 'postgres' || !databaseUrl;
    if (ours && !(await isFree(port))) taken.push(`${port} (${name})`);
  }
  if (taken.length === 0) return;
  const [subject, them] =
    taken.length === 1 ? [`Port ${taken[0]} is`, 'it'] : [`Ports ${taken.join(', ')} are`, 'them'];
  throw new Trouble(`${subject} taken: stop what listens on ${them}, or set FLORIN_PORT_BASE to another first port.`);
}

/** On IPv4 and, where the machine has it, IPv6: `localhost` may be either. */
async function isFree(port: number): Promise<boolean> {
  for (const host of ['127.0.0.1', '::1', '0.0.0.0']) {
    const server = createServer();
    try {
      server.listen({ port, host });
      await once(server, 'listening');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    } finally {
      server.close();
    }
  }
  return true;
}
