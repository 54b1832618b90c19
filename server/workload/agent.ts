import { constants } from 'node:crypto';
import { checkServerIdentity } from 'node:tls';
import { Agent, buildConnector } from 'undici';
import { workloadOf } from './core/spiffe.ts';
import { type PemFiles, readIdentity } from './identity.ts';
import type { Workload } from './policy.ts';

/**
 * An undici agent that calls one other workload over mutual TLS: it shows our certificate, and takes the other side's
 * only if it names `to`. On one machine all workloads share a host name, which alone would prove nothing.
 *
 * @param connections  The most connections at a time.
 */
export function workloadAgent(
  identity: PemFiles,
  { to, connections = 64 }: { to: Workload; connections?: number },
): Agent {
  return new Agent({
    connections,
    keepAliveTimeout: 30_000,
    connect: (target, done) => connector(identity, to)(target, done),
  });
}

/** Made for every connection, since the files are replaced while we run. */
function connector(identity: PemFiles, to: Workload) {
  return buildConnector({
    ...readIdentity(identity),
    minVersion: 'TLSv1.3',
    secureOptions: constants.SSL_OP_NO_TICKET,
    maxCachedSessions: 0,
    timeout: 5_000,
    checkServerIdentity(host, certificate) {
      const wrongHost = checkServerIdentity(host, certificate);
      if (wrongHost) return wrongHost;
      return workloadOf(certificate.raw) === to ? undefined : new Error(`the other side is not the workload ${to}`);
    },
  });
}
