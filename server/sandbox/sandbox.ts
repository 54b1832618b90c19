import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Secret } from '#server/kernel/secret.ts';
import { openJournal } from './core/journal.ts';
import { shelfIn } from './core/shelf.ts';
import { makeSender } from './core/webhook-sender.ts';
import { type AcquirerOptions, type Entry, makeSandbox } from './make.ts';

export interface SandboxOptions extends AcquirerOptions {
  /** 0 takes any free one. */
  port: number;
  /** Where the journal lies. */
  folder: string;
  /** Whom to tell of every decision, and the secret to sign with; nobody where left out. */
  webhooks?: { url: string; secret: Secret } | undefined;
  /** Called once the journal could not be written: memory is ahead of the disk then, and only a restart mends it. */
  broken: (error: unknown) => void;
}

export interface Sandbox {
  port: number;
  /** Finishes what is under way, for at most four seconds. */
  close(): Promise<void>;
}

/**
 * Starts a simulated acquirer on the books that its folder holds.
 *
 * @throws Error where the journal cannot be read or the port is taken.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { port, clock, log, webhooks: told } = options;
  const past: Entry[] = [];
  const journal = await openJournal({
    path: join(options.folder, 'journal.jsonl'),
    replay: (line) => past.push(line as Entry),
    clock,
    log,
    broken: options.broken,
  });
  const sender = told && makeSender(told.url, clock);
  const room = makeSandbox({
    ...options,
    journal,
    past,
    shelf: shelfIn(join(options.folder, 'settlements')),
    challengeUrl: (id) => `http://127.0.0.1:${portOf(server)}/challenges/${id}`,
    webhooks: sender && told && { send: sender.post, secret: told.secret },
  });
  const server = createServer(room.handler);
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
      await room.close();
      await sender?.close();
    },
  };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
