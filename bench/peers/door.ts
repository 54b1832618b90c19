import { createServer } from 'node:http';
import type { Study } from './peer.ts';
import { post } from './post.ts';
import { buy, type Order, type Row, type World } from './saga.ts';

/** What a peer's process says of itself when it is asked. Nobody asks while it is measured. */
export interface Door {
  buy(study: Study): Promise<{ seconds: number }>;
  calls(): Promise<number[]>;
}

/** In the peer's process, in which the clients are, too: as Florin's are in Florin's. */
export function openDoor(port: number, { world, order }: { world: World; order(order: Order): Promise<Row> }): void {
  const answers: Record<string, (sent: string) => Promise<unknown>> = {
    '/ready': async () => ({}),
    '/buy': async (sent) => ({ seconds: await buy(JSON.parse(sent) as Study, order) }),
    '/calls': async () => world.calls(),
  };
  const server = createServer(async (asked, answered) => {
    try {
      let sent = '';
      for await (const piece of asked.setEncoding('utf8')) sent += piece;
      const told = await answers[asked.url ?? '']?.(sent);
      answered.writeHead(told === undefined ? 404 : 200).end(JSON.stringify(told));
    } catch (error) {
      answered.writeHead(500).end((error as Error).stack);
    }
  });
  server.listen(port, '127.0.0.1');
}

/** The other side of it. */
export function doorAt(port: number): Door {
  const url = `http://127.0.0.1:${port}`;
  return {
    buy: async (study) => (await post(`${url}/buy`, study)) as { seconds: number },
    calls: async () => (await post(`${url}/calls`)) as number[],
  };
}
