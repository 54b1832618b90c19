import { openDoor } from './door.ts';
import { load } from './packages.ts';
import { makeWorld, type Order, type Row, type Step, steps } from './saga.ts';

/** What is used of `@dbos-inc/dbos-sdk`. */
interface Sdk {
  DBOS: {
    setConfig(config: {
      name: string;
      applicationVersion: string;
      systemDatabaseUrl: string;
      systemDatabasePoolSize: number;
      logLevel: string;
    }): void;
    launch(): Promise<void>;
    registerWorkflow(run: (order: Order) => Promise<Row>, named: { name: string }): (order: Order) => Promise<Row>;
    runStep(act: () => Promise<Row>, named: { name: Step }): Promise<Row>;
    startWorkflow(
      workflow: (order: Order) => Promise<Row>,
      started: { workflowID: string },
    ): (order: Order) => Promise<{ getResult(): Promise<Row> }>;
  };
}

const { DOOR_PORT, SYSTEM_DATABASE_URL, POOL_SIZE } = process.env;

/** A workflow of five steps in this process, each checkpointed in PostgreSQL; the order's id is its own. */
async function main(): Promise<void> {
  const { DBOS } = await load<Sdk>('@dbos-inc/dbos-sdk');
  const world = makeWorld();
  DBOS.setConfig({
    name: 'saga',
    applicationVersion: '1',
    systemDatabaseUrl: SYSTEM_DATABASE_URL ?? '',
    systemDatabasePoolSize: Number(POOL_SIZE),
    logLevel: 'warn',
  });
  const saga = DBOS.registerWorkflow(
    async (order) => {
      let row: Row | undefined;
      for (const step of steps) row = await DBOS.runStep(() => world.act(step, order), { name: step });
      if (!row) throw new Error('a saga has steps');
      return row;
    },
    { name: 'saga' },
  );
  await DBOS.launch();
  openDoor(Number(DOOR_PORT), {
    world,
    async order(order) {
      const handle = await DBOS.startWorkflow(saga, { workflowID: order.id })(order);
      return handle.getResult();
    },
  });
}

await main();
