import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Failure } from './errors.ts';
import type { Sent } from './idempotency.ts';

export const jsonType = 'application/json; charset=utf-8';

/** The version whose shapes are answered; a caller's own word for it is echoed, never judged. */
const apiVersion = '2026-10-28.endive';

/** On every answer, whatever layer it comes from. */
export function setCommonHeaders(request: FastifyRequest, reply: FastifyReply): void {
  const { 'stripe-version': version, 'idempotency-key': key, 'stripe-account': account } = request.headers;
  reply.header('request-id', request.id);
  reply.header('cache-control', 'no-store');
  reply.header('stripe-version', typeof version === 'string' && /^[\w.-]{1,60}$/.test(version) ? version : apiVersion);
  if (key !== undefined && request.method === 'POST') reply.header('idempotency-key', key);
  if (account !== undefined) reply.header('stripe-account', account);
}

/** @returns the body, for the handler to return. */
export function sendSent(sent: Sent, reply: FastifyReply): string {
  reply.code(sent.status).header('content-type', jsonType);
  if (sent.replayOf !== undefined) {
    reply.header('idempotent-replayed', 'true').header('original-request', sent.replayOf);
    // The stored answer cannot change: without this the client would ask for it twice more.
    if (sent.status >= 500) reply.header('stripe-should-retry', 'false');
  }
  return sent.body;
}

export function sendFailure(failure: Failure, reply: FastifyReply): void {
  if (failure.retry !== undefined) reply.header('stripe-should-retry', String(failure.retry));
  if (failure.status === 401) reply.header('www-authenticate', 'Bearer realm="Florin"');
  reply
    .code(failure.status)
    .header('content-type', jsonType)
    .send(JSON.stringify({ error: failure.error }));
}
