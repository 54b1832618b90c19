import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Clock } from '#server/kernel/clock.ts';
import { uuidv7 } from '#server/kernel/id.ts';
import type { Random, Secret } from '#server/kernel/secret.ts';
import type { Log } from '#server/observability/log.ts';
import { makeAcquirer } from './core/acquirer.ts';
import { makeBank } from './core/bank.ts';
import { type AcquirerName, type Behaviour, behaviours } from './core/behaviour.ts';
import { makeBooks } from './core/books.ts';
import { makeChallenges } from './core/challenges.ts';
import type { Fees } from './core/decide.ts';
import { makeDoor } from './core/door.ts';
import type { Entry } from './core/entry.ts';
import { openJournal } from './core/journal.ts';
import { makeLevers } from './core/levers.ts';
import { makeOperations } from './core/operations.ts';
import { makeTester } from './core/tester.ts';
import { makeWebhooks } from './core/webhooks.ts';

export interface SandboxOptions {
  name: AcquirerName;
  /** 0 takes any free one. */
  port: number;
  /** The API key that it accepts. */
  key: Secret;
  /** Where the journal lies. */
  folder: string;
  fees: Fees;
  mode: 'test' | 'live';
  /** Whom to tell of every decision, and the secret to sign with; nobody where left out. */
  webhooks?: { url: string; secret: Secret } | undefined;
  clock: Clock;
  random: Random;
  log: Log;
  /** Called once the journal could not be written: memory is ahead of the disk then, and only a restart mends it. */
  broken: (error: unknown) => void;
}

export interface Sandbox {
  port: number;
  /** Finishes what is under way, for at most four seconds. */
  close(): Promise<void>;
}

const tenMinutes = 10 * 60_000;

/**
 * Starts a simulated acquirer on the books that its folder holds.
 *
 * @throws Error where the journal cannot be read or the port is taken.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { name, port, key, mode, clock, random, log } = options;
  const behaviour: Behaviour = behaviours[name];
  const books = makeBooks();
  const journal = await openJournal({
    path: join(options.folder, 'journal.jsonl'),
    replay: (line) => books.apply(line as Entry),
    clock,
    log,
    broken: options.broken,
  });
  const levers = makeLevers();
  const ids = uuidv7({ now: clock.now, random });
  const webhooks = options.webhooks && makeWebhooks({ ...options.webhooks, levers, clock, ids, random, log });
  const challengeLifetime = (last4: string) =>
    levers.take('challenge', { kind: 'authorize', last4 })?.milliseconds ?? tenMinutes;
  const acquirer = makeAcquirer({
    rulebook: { behaviour, fees: options.fees, challengeLifetime },
    books,
    journal,
    clock,
    ids,
    random,
    secret: key,
    decided(entry) {
      challenges.watch(entry);
      webhooks?.tell(entry);
    },
  });
  const challenges = makeChallenges({ acquirer, clock, log });
  for (const entry of books.entries()) challenges.watch(entry);
  const challengeUrl = (id: string): string => `http://127.0.0.1:${portOf(server)}/challenges/${id}`;
  const desks = [
    makeTester({ acquirer, books, levers, webhooks, random, mode }),
    makeOperations({ acquirer, books, levers, challengeUrl, latency: behaviour.latency, clock, log }),
  ];
  const hall = makeBank({ name, acquirer, books, clock });
  const server = createServer(makeDoor({ hall, desks, key, ready: journal.sound, log }));
  // Longer than callers keep an idle connection: whoever closes first must not be us, just as a request leaves.
  server.keepAliveTimeout = 75_000;
  server.requestTimeout = 30_000;
  await new Promise<void>((listening, failed) => server.once('error', failed).listen(port, '127.0.0.1', listening));

  return {
    port: portOf(server),
    async close() {
      const closed = new Promise<void>((done) => server.close(() => done()));
      const giveUp = clock.after(4_000, () => server.closeAllConnections());
      await closed;
      giveUp();
      await webhooks?.close();
      await journal.close();
    },
  };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
