import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Where ports are drawn: below those that the system hands out by itself to any connection of anybody. */
const [lowest, highest] = [10_000, 32_767];

/**
 * A free port, which no other test is given for as long as this process lives.
 *
 * Between drawing a port and listening on it lie the seconds in which a process starts; whoever drew the same one in
 * between would be answered by a stranger.
 */
export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  return port as number;
}

/** As {@link freePort}, as many in a row as are wanted. */
export async function freePorts(wanted: number): Promise<number[]> {
  for (;;) {
    const first = lowest + Math.floor(Math.random() * (highest - lowest - wanted));
    const ports = Array.from({ length: wanted }, (_, n) => first + n);
    if ((await all(ports, isFree)) && (await all(ports, claim))) return ports;
  }
}

async function all(ports: readonly number[], holds: (port: number) => Promise<boolean>): Promise<boolean> {
  for (const port of ports) if (!(await holds(port))) return false;
  return true;
}

/**
 * Claims a port among the tests of this machine: by its namesake of UDP, which none of our processes uses, and which
 * falls free with whoever holds it, however that ends.
 */
async function claim(port: number): Promise<boolean> {
  const socket = createSocket('udp4').unref();
  try {
    socket.bind({ port, address: '127.0.0.1', exclusive: true });
    await once(socket, 'listening');
    return true;
  } catch {
    socket.close();
    return false;
  }
}

/** Whether nobody listens there, on any address. */
async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port);
  try {
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
