import type { FaultKind } from '../faults.ts';
import type { ClientAnswer } from '../judge/evidence.ts';
import type { PaymentPlan, Plan } from '../plan.ts';
import type { World } from '../world/world.ts';
import { makeAnswers } from './answers.ts';
import { type Client, Gone, tell } from './client.ts';
import { journey } from './journey.ts';
import { startStaff } from './staff.ts';

export interface Clients {
  /** Each client begins at its own time; the merchants' staff at once. */
  start(): void;
  /** Whether nobody wants anything more. @throws What went wrong in a client itself. */
  done(): boolean;
  answers(): ClientAnswer[];
}

/** One client for each payment of the plan, over HTTP alone, and the people who look after what no clock decides. */
export function makeClients({ world, plan }: { world: World; plan: Plan }): Clients {
  const answers = makeAnswers();
  const failures: unknown[] = [];
  let left = plan.payments.length;

  function begin(payment: PaymentPlan): void {
    const client = clientOf(payment);
    journey(client)
      .then(() => tell(client, 'the client is done'))
      .catch((error) => {
        if (!(error instanceof Gone)) failures.push(error);
      })
      .finally(() => {
        left -= 1;
        client.life.end('it has what it wanted, or has left');
      });
  }

  function clientOf(payment: PaymentPlan): Client {
    const mine = plan.faults.flatMap((fault) => (fault.on === 'client' && fault.payment === payment.n ? [fault] : []));
    let requests = 0;
    return {
      world,
      payment,
      merchant: world.merchants[payment.merchant],
      life: world.engine.begin(`client-${payment.n}`),
      answers,
      strikes: (nth): FaultKind[] => mine.filter((fault) => fault.nth === nth).map(({ kind }) => kind),
      isStruck: (kind) => mine.some((fault) => fault.kind === kind),
      next() {
        requests += 1;
        return requests;
      },
    };
  }

  return {
    start() {
      for (const { kind } of plan.faults.filter(({ on }) => on === 'client')) world.engine.tally.injected(kind);
      startStaff(world);
      for (const payment of plan.payments) world.engine.after(payment.at, () => begin(payment));
    },
    done() {
      if (failures.length > 0) throw failures[0];
      return left === 0;
    },
    answers: () => answers.all(),
  };
}
