import { constants } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { type Clock, systemClock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import type { Log } from '#server/observability/log.ts';
import { callerOf } from './core/caller.ts';
import { type PemFiles, readIdentity } from './identity.ts';
import { type Listening, listen } from './listening.ts';
import type { Policy, Workload } from './policy.ts';
import { answerProblem, noted } from './problem.ts';

export interface WorkloadServerOptions {
  /** 0 takes any free port. */
  port: number;
  host?: string;
  identity: PemFiles;
  policy: Policy;
  log: Log;
  clock?: Clock;
  /** Called for a door of the policy by a caller that may. Answers, or throws: a Refusal is told, a bug is not. */
  handle(request: IncomingMessage, response: ServerResponse, caller: Workload): Promise<void>;
}

const reloadEvery = 10 * 60_000;

/**
 * Serves other processes over mutual TLS. A caller without a valid certificate of our authority does not get through
 * the handshake; one whose identity the policy does not name gets 403 and a log line.
 */
export async function workloadServer(options: WorkloadServerOptions): Promise<Listening> {
  const { port, host = '127.0.0.1', identity, log, clock = systemClock } = options;
  const server = createServer({
    ...readIdentity(identity),
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.3',
    // A resumed session would skip the look at the certificate, its expiry included.
    secureOptions: constants.SSL_OP_NO_TICKET,
    headersTimeout: 5_000,
    requestTimeout: 10_000,
    // How often the two are looked at.
    connectionsCheckingInterval: 1_000,
    keepAliveTimeout: 60_000,
  });
  server.on('request', (request, response) => void answer(request, response, { ...options, clock }));
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
    // TLS 1.3 does not tell the caller why: this line is the only place where it can be read.
    const reason = String(socket.authorizationError ?? error.code);
    log.warn({ reason, host: socket.remoteAddress }, 'workload: a caller was refused at the handshake');
  });
  const listening = await listen(server, { port, host, clock });
  const stopReloading = keepFresh(server, { identity, log, clock });
  return {
    port: listening.port,
    stop(patience) {
      stopReloading();
      return listening.stop(patience);
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { policy, log, clock, handle }: WorkloadServerOptions & { clock: Clock },
): Promise<void> {
  const route = `${request.method} ${(request.url ?? '').split('?', 1)[0]}`;
  const { workload, expires } = callerOf(request.socket);
  // Kept-alive connections must not outlive the certificate they were opened with.
  if (expires <= clock.now()) response.shouldKeepAlive = false;
  try {
    const allowed = Object.hasOwn(policy, route) ? policy[route] : undefined;
    if (!allowed) throw new Refusal('not_found', 'There is nothing here.');
    if (!workload || !allowed.includes(workload)) throw new Refusal('forbidden', 'This workload may not call this.');
    await handle(request, response, workload);
  } catch (error) {
    answerProblem(response, noted(error, { log, peer: workload ?? 'unknown', route }));
  }
}

/** A certificate lives for a day, a process longer. */
function keepFresh(
  server: Server,
  { identity, log, clock }: { identity: PemFiles; log: Log; clock: Clock },
): () => void {
  let forget = () => {};
  const again = () => {
    forget = clock.after(reloadEvery, () => {
      try {
        server.setSecureContext({
          ...readIdentity(identity),
          minVersion: 'TLSv1.3',
          secureOptions: constants.SSL_OP_NO_TICKET,
        });
      } catch (error) {
        log.error({ error }, 'workload: the certificate files could not be read again');
      }
      again();
    });
  };
  again();
  return () => forget();
}
