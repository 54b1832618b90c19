import type { IncomingMessage, ServerResponse } from 'node:http';
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
import { type Entry, effectOf } from './core/entry.ts';
import type { Journal } from './core/journal.ts';
import { makeLevers } from './core/levers.ts';
import { makeOperations } from './core/operations.ts';
import { makeSettlementDesk } from './core/settlement-desk.ts';
import { makeSettlements } from './core/settlements.ts';
import { type Shelf, shelfInMemory } from './core/shelf.ts';
import { makeTester } from './core/tester.ts';
import type { SendWebhook } from './core/webhook-post.ts';
import { makeWebhooks } from './core/webhooks.ts';

export type { Entry } from './core/entry.ts';
export type { Journal } from './core/journal.ts';
export type { SendWebhook } from './core/webhook-post.ts';

/** What an acquirer is made of, whatever its wire and its disk. */
export interface AcquirerOptions {
  name: AcquirerName;
  /** The API key that it accepts. */
  key: Secret;
  /** The key of those who only read settlement files. */
  reportsKey?: Secret | undefined;
  fees: Fees;
  mode: 'test' | 'live';
  clock: Clock;
  random: Random;
  log: Log;
}

export interface SandboxSeams extends AcquirerOptions {
  journal: Journal;
  /** What the journal holds already, oldest first. */
  past: Iterable<Entry>;
  /** Where settlement files are kept; in memory where left out. */
  shelf?: Shelf;
  /** Added to every request, in milliseconds; the acquirer's own where left out. */
  latency?: number;
  /** Where a browser finds the challenge with this id. */
  challengeUrl: (id: string) => string;
  /** How it tells of every decision, and the secret to sign with; nobody is told where left out. */
  webhooks?: { send: SendWebhook; secret: Secret } | undefined;
}

/** An acquirer without a port and without a file. */
export interface SandboxRoom {
  /** Its door, as `node:http` calls it. */
  handler: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** What `GET /books` shows, whoever it is about. */
  effects(): object[];
  /** Every key is as good as new, and unknown to inquiries. */
  forgetKeys(): void;
  /**
   * Keys of operations decided before this moment are as good as new; inquiries still find what became of them. As
   * after the end of a key's lifetime.
   */
  expireKeys(before: Date): void;
  /** Webhooks that are neither taken nor given up. */
  untold(): number;
  close(): Promise<void>;
}

const tenMinutes = 10 * 60_000;

/** The simulated acquirer: rules, books, challenges, levers and webhooks, over a disk and a wire of the caller's. */
export function makeSandbox(seams: SandboxSeams): SandboxRoom {
  const { name, key, reportsKey, mode, clock, random, log, journal, challengeUrl } = seams;
  const behaviour: Behaviour = behaviours[name];
  const books = makeBooks();
  for (const entry of seams.past) books.apply(entry);
  const levers = makeLevers();
  const ids = uuidv7({ now: clock.now, random });
  const webhooks = seams.webhooks && makeWebhooks({ ...seams.webhooks, levers, clock, ids, random, log });
  const challengeLifetime = (last4: string) =>
    levers.take('challenge', { kind: 'authorize', last4 })?.milliseconds ?? tenMinutes;
  const acquirer = makeAcquirer({
    rulebook: { behaviour, fees: seams.fees, challengeLifetime },
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
  const { latency = behaviour.latency, shelf = shelfInMemory() } = seams;
  const settlements = makeSettlements({ name, acquirer, levers, shelf, clock, ids });
  const desks = [
    makeTester({ acquirer, books, levers, webhooks, random, mode }),
    makeSettlementDesk(settlements, mode),
    makeOperations({ acquirer, books, levers, challengeUrl, latency, clock, log }),
  ];
  const hall = makeBank({ name, acquirer, books, clock });
  return {
    handler: makeDoor({ hall, desks, key, reportsKey, ready: journal.sound, log }),
    effects: () => [...books.entries()].flatMap((entry) => effectOf(entry) ?? []),
    forgetKeys: books.forgetKeys,
    expireKeys: books.expireKeys,
    untold: () => webhooks?.waiting() ?? 0,
    async close() {
      webhooks?.close();
      await journal.close();
    },
  };
}
