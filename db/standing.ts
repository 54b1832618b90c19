import { connect, type Socket } from 'node:net';

/** The driver's option `socket`. */
type OpenSocket = (to: { host: string[]; port: number[]; path?: string | false }) => Socket;

/** The driver's types do not know the option. @see https://github.com/porsager/postgres#custom-socket */
export function withSockets<T>(options: T, socket: OpenSocket): T & { socket: OpenSocket } {
  return { ...options, socket };
}

const counts = new WeakMap<object, () => number>();

/** Makes a pool whose sockets are opened as the driver would, and counted. */
export function counted<Pool extends object>(makePool: (socket: OpenSocket) => Pool): Pool {
  let count = 0;
  const pool = makePool(({ host: [host = 'localhost'], port: [port = 5432], path }) => {
    count += 1;
    const socket = path ? connect(path) : connect(port, host);
    socket.once('close', () => {
      count -= 1;
    });
    // The driver looks here for the name that the server's certificate must have.
    return Object.assign(socket, { host });
  });
  counts.set(pool, () => count);
  return pool;
}

/** How many connections of a pool stand, or are being opened for somebody; of a pool that nobody counts, none. */
export function standing(pool: object): number {
  return counts.get(pool)?.() ?? 0;
}
