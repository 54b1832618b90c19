import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { invariant } from '#server/kernel/invariant.ts';
import type { Workload } from '../policy.ts';
import { workloadOf } from './spiffe.ts';

export interface Caller {
  /** Undefined where a certificate of our authority names no workload that we know. */
  workload: Workload | undefined;
  expires: Date;
}

const known = new WeakMap<Socket, Caller>();

/** Who is at the other end of a connection whose handshake has succeeded. Read once per connection. */
export function callerOf(socket: Socket): Caller {
  const seen = known.get(socket);
  if (seen) return seen;
  invariant(socket instanceof TLSSocket && socket.authorized, 'a caller comes through a mutual TLS handshake');
  const certificate = socket.getPeerX509Certificate();
  invariant(certificate, 'an authorised caller has a certificate');
  const caller = { workload: workloadOf(certificate.raw), expires: certificate.validToDate };
  known.set(socket, caller);
  return caller;
}
