import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/**
 * What can befall a connection, by its numbers in the catalogue of faults. Each strikes the first traffic that fits,
 * and is then spent.
 */
export const cuts = {
  'lose request': { fault: 'F8', says: 'it breaks with a request that has not arrived' },
  'lose answer': { fault: 'F5, F9', says: 'the request has arrived, and it breaks with the answer' },
  'lose commit': { fault: 'F3', says: 'PostgreSQL has committed, and it breaks with the word of it' },
  'break off': { fault: 'F9', says: 'it breaks within an answer' },
  delay: { fault: 'F11', says: 'what was said arrives late' },
  'half open': { fault: 'F11', says: 'neither side hears the other any more, and neither is told' },
} as const;

export type Cut = keyof typeof cuts;

/** A wire between two processes that can be made to fail. It understands nothing but PostgreSQL's word for a commit. */
export interface Wire {
  port: number;
  /** Lets it happen once. */
  strike(cut: Cut): void;
  /** How often each was wanted, and how often it has taken effect. */
  struck(): Record<Cut, number>;
  took(): Record<Cut, number>;
  close(): Promise<void>;
}

/** CommandComplete of COMMIT. @see PostgreSQL 18, "Message Formats". */
const committed = Buffer.from('C\0\0\0\x0bCOMMIT\0', 'latin1');
const lateBy = 1_500;
/** Longer than the patience of whoever waits: 15 s for a transaction, 10 s for a provider. */
const silentFor = 20_000;

interface Pair {
  near: Socket;
  far: Socket;
  isDeaf: boolean;
}

/**
 * @param farPort   Where the other side really listens.
 * @param nearPort  Where those who call it are to call.
 */
export async function layWire(farPort: number, nearPort: number): Promise<Wire> {
  const waiting: Cut[] = [];
  const [struck, took] = [none(), none()];
  const pairs = new Set<Pair>();

  const spend = (...fitting: Cut[]): Cut | undefined => {
    const at = waiting.findIndex((cut) => fitting.includes(cut));
    if (at < 0) return undefined;
    const [cut] = waiting.splice(at, 1);
    if (cut) took[cut] += 1;
    return cut;
  };

  function carry(pair: Pair, from: Socket, to: Socket, fitting: (chunk: Buffer) => Cut[]): void {
    from.on('data', (chunk: Buffer) => {
      if (pair.isDeaf) return;
      const cut = spend(...fitting(chunk));
      if (cut === undefined) return pass(to, from, chunk);
      if (cut === 'delay') return late(to, from, chunk);
      if (cut === 'half open') return deafen(pair);
      if (cut === 'break off') to.write(chunk.subarray(0, chunk.length >> 1), () => drop(pair));
      else drop(pair);
    });
  }

  const server = createServer({ allowHalfOpen: false }, (near) => {
    const far = connect({ port: farPort, host: '127.0.0.1' });
    const pair = { near, far, isDeaf: false };
    pairs.add(pair);
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => {
        pairs.delete(pair);
        if (!pair.isDeaf) drop(pair);
      });
    }
    carry(pair, near, far, () => ['lose request', 'delay', 'half open']);
    carry(pair, far, near, (chunk) => (chunk.includes(committed) ? ['lose commit', ...onAnswer] : [...onAnswer]));
  });
  server.listen(nearPort, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: nearPort,
    strike(cut) {
      struck[cut] += 1;
      waiting.push(cut);
    },
    struck: () => ({ ...struck }),
    took: () => ({ ...took }),
    async close() {
      for (const pair of pairs) drop(pair);
      server.close();
      await once(server, 'close');
    },
  };
}

function none(): Record<Cut, number> {
  return Object.fromEntries(Object.keys(cuts).map((cut) => [cut, 0])) as Record<Cut, number>;
}

const onAnswer = ['lose answer', 'break off'] as const;

function pass(to: Socket, from: Socket, chunk: Buffer): void {
  if (to.destroyed || to.write(chunk)) return;
  from.pause();
  to.once('drain', () => from.resume());
}

/** Everything behind it waits, too: bytes keep their order. */
function late(to: Socket, from: Socket, chunk: Buffer): void {
  from.pause();
  setTimeout(() => {
    pass(to, from, chunk);
    from.resume();
  }, lateBy);
}

function deafen(pair: Pair): void {
  pair.isDeaf = true;
  setTimeout(() => drop(pair), silentFor).unref();
}

/** Both sides hear of it at once, as where a machine in between has lost its table of connections. */
function drop({ near, far }: Pair): void {
  near.destroy();
  far.destroy();
}
