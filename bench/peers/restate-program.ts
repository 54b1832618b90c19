import { openDoor } from './door.ts';
import { load } from './packages.ts';
import { makeWorld, type Order, type Row, type Step, steps } from './saga.ts';

interface Context {
  run(name: Step, act: () => Promise<Row>): Promise<Row>;
}

/** What is used of `@restatedev/restate-sdk`. */
interface Sdk {
  service(named: { name: string; handlers: { order(ctx: Context, order: Order): Promise<Row> } }): object;
  serve(served: { services: object[]; port: number }): Promise<number>;
}

/** What is used of `@restatedev/restate-sdk-clients`. */
interface Clients {
  connect(to: { url: string }): {
    serviceClient(named: { name: string }): { order(order: Order, options: object): Promise<Row> };
  };
  Opts: { from(options: { idempotencyKey: string }): object };
}

const { DOOR_PORT, SERVICE_PORT, INGRESS_URL } = process.env;

/** A handler of five journaled steps, which the server calls, and clients that ask the server for it. */
async function main(): Promise<void> {
  const { service, serve } = await load<Sdk>('@restatedev/restate-sdk');
  const { connect, Opts } = await load<Clients>('@restatedev/restate-sdk-clients');
  const world = makeWorld();
  const saga = service({
    name: 'saga',
    handlers: {
      async order(ctx, order) {
        let row: Row | undefined;
        for (const step of steps) row = await ctx.run(step, () => world.act(step, order));
        if (!row) throw new Error('a saga has steps');
        return row;
      },
    },
  });
  await serve({ services: [saga], port: Number(SERVICE_PORT) });
  const client = connect({ url: INGRESS_URL ?? '' }).serviceClient({ name: 'saga' });
  openDoor(Number(DOOR_PORT), {
    world,
    order: (order) => client.order(order, Opts.from({ idempotencyKey: order.id })),
  });
}

await main();
