import type { Scheduler } from '../engine/scheduler.ts';
import { type Plan, type ProcessName, processNames } from '../plan.ts';
import { makeConsumerFaults } from './consumer-faults.ts';
import { makeMishaps } from './mishaps.ts';
import { makeNetwork } from './network.ts';
import { makeProcesses, type Processes } from './processes.ts';
import { webhookAddress } from './settings.ts';
import type { Stage } from './stage.ts';
import { makeTraffic, type Traffic } from './traffic.ts';
import { makeTransactionFaults } from './transaction-faults.ts';
import { makeTrouble } from './trouble.ts';
import type { DeliverWebhook, Merchant, Reply, Request, World } from './world.ts';

export interface MadeWorld extends World {
  start(): Promise<void>;
  /** Nothing is under way: no request, no job, no webhook, and everybody is up. */
  quiet(): boolean;
  /** What is, in words. */
  underWay(): string;
  /** The acquirers end a day, and settlement files have to be taken in. */
  endDay(): void;
}

export interface WorldSeams {
  engine: Scheduler;
  stage: Stage;
  plan: Plan;
  merchants: readonly [Merchant, Merchant];
  /** Called after each commit that moved payments, before anybody else goes on. */
  moved(): Promise<void>;
}

/** Virtual milliseconds. */
const patience = 60_000;
const transit = { least: 1, most: 20 };
/** Virtual milliseconds until the acquirers end a day in the midst of it all. */
const dayEnds = { least: 20_000, most: 600_000 };

/** The installation, the wires and the acquirers, put together. */
export function makeWorld({ engine, stage, plan, merchants, moved }: WorldSeams): MadeWorld {
  const { dice } = engine;
  const traffic = makeTraffic();
  const trouble = makeTrouble(engine, traffic);
  const mishaps = makeMishaps(engine, plan, trouble, traffic);
  const network = makeNetwork({ engine, plan, deliver });
  const processes = makeProcesses({
    engine,
    stage,
    network,
    traffic,
    transactions: makeTransactionFaults({ engine, plan, trouble, moved }),
    troubled: makeConsumerFaults(plan, trouble, traffic),
    heard: mishaps.heard,
  });
  const outside = engine.begin('outside');
  let sent = 0;

  function under(name: string): Promise<void> {
    const { least, most } = transit;
    sent += 1;
    return new Promise((resolve) => void engine.after(least + dice.of(`${name}/${sent}`) * (most - least), resolve));
  }

  const call: World['call'] = async (caller, to, request) => {
    await under(`request/${caller.name}`);
    const reply = await answered(processes, { engine, traffic, to, request, from: '198.51.100.7', who: caller.name });
    await under(`reply/${caller.name}`);
    return reply;
  };

  async function deliver(...[provider, { headers, body }, name]: Parameters<DeliverWebhook>) {
    const to = dice.pick<ProcessName>(`deliver/${name}`, ['api-1', 'api-2']);
    const request: Request = { method: 'POST', url: `/webhooks/${provider}`, headers, body };
    const who = outside.name;
    return (await answered(processes, { engine, traffic, to, request, from: webhookAddress, who }))?.status;
  }

  let ending = 0;
  function endDay(): void {
    ending += 1;
    void network.endDay().then(() => {
      ending -= 1;
    });
  }

  const busy = () =>
    processes
      .all()
      .filter(({ life }) => traffic.isBusy(life))
      .map(({ life }) => life.name);

  return {
    engine,
    merchants,
    network,
    call,
    rooms: (name) => processes.running(name)?.rooms,
    kill: (name) => processes.running(name)?.life.end('killed'),
    async start() {
      await processes.start();
      mishaps.await(processes);
      const { least, most } = dayEnds;
      engine.after(least + dice.of('day ends') * (most - least), endDay);
    },
    endDay,
    quiet: () =>
      ending === 0 && network.quiet() && processes.all().length === processNames.length && busy().length === 0,
    underWay() {
      const down = processNames.filter((name) => !processes.running(name));
      const wire = network.quiet() ? 'nothing' : 'something';
      return `${wire} is on the wire, busy: ${busy().join(' ') || 'nobody'}, down: ${down.join(' ') || 'nobody'}`;
    },
  };
}

interface Asking {
  engine: Scheduler;
  traffic: Traffic;
  to: ProcessName;
  request: Request;
  /** The caller's address, and its name. */
  from: string;
  who: string;
}

/** Hands a request to a process's door; undefined where nobody is there, or where it dies or is too slow. */
function answered(
  processes: Processes,
  { engine, traffic, to, request, from, who }: Asking,
): Promise<Reply | undefined> {
  const there = processes.running(to);
  const { method, url, headers, body } = request;
  if (!there?.app) return Promise.resolve(undefined);
  const { life, app } = there;
  const leave = traffic.enter(life, placeOf(who));
  const { promise, resolve } = Promise.withResolvers<Reply | undefined>();
  const over = (reply?: Reply) => {
    leave();
    forgetEnd();
    forgetTimer();
    resolve(reply);
  };
  const forgetEnd = life.onEnd(() => over());
  const forgetTimer = engine.after(patience, () => over());
  void engine.step(
    life,
    'act',
    `${who} asks ${method} ${url.split('?')[0]?.replaceAll(/_[0-9a-z]{20,}/gi, '_…')}`,
    () => {
      app
        .inject({ method, url, headers, remoteAddress: from, ...(body !== undefined && { payload: body }) })
        .then(({ statusCode, payload }) => {
          if (!life.alive) return;
          engine.note(`${life.name}: ${statusCode} for ${who}`);
          over({ status: statusCode, body: payload });
        });
    },
  );
  return promise;
}

/** Clients are named after their payment: `client 17`. */
function placeOf(who: string): number | undefined {
  const n = /(\d+)$/.exec(who)?.[1];
  return who.startsWith('client') && n !== undefined ? Number(n) : undefined;
}
