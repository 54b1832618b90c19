import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Keys } from '#server/idempotency/once.ts';
import { invariant } from '#server/kernel/invariant.ts';
import { withContext } from '#server/observability/context.ts';
import { continueTrace, inSpan } from '#server/observability/trace.ts';
import type { Endpoint, Incoming } from './endpoint.ts';
import { invalidRequest } from './errors.ts';
import { emptyHash, type Hash, parseForm } from './form.ts';
import { keyIn } from './idempotency.ts';
import { sendSent } from './respond.ts';

/** Opens an endpoint's route; what the path leaves open is told by `refuseUnknown`. */
export function serve(app: FastifyInstance, endpoint: Endpoint, keys: Keys): void {
  const { method, url } = endpoint;
  app.route({
    method,
    url,
    handler: async (request, reply) => {
      const incoming = incomingOf(request);
      const context = { request: incoming.request, merchant: incoming.caller.merchantId };
      const sent = await continueTrace(request.headers, () =>
        withContext(context, () =>
          inSpan('api.request', { method, route: url }, () => endpoint.answer(incoming, keys)),
        ),
      );
      request.about = sent.about;
      return sendSent(sent, reply);
    },
  });
}

function incomingOf(request: FastifyRequest): Incoming {
  const { caller, id, method, url, params, headers } = request;
  invariant(caller, 'nobody reaches an endpoint without a key');
  const [path = '', query = ''] = url.split('?', 2);
  const writes = method === 'POST';
  if (writes && query) throw invalidRequest(400, 'Send the parameters of a POST in its body, not in the URL.');
  return {
    caller,
    request: id,
    path,
    id: (params as { id?: string }).id,
    key: writes ? keyIn(headers['idempotency-key']) : undefined,
    sent: writes ? ((request.body as Hash | undefined) ?? emptyHash()) : parseForm(query),
  };
}

/** Answers for paths and methods that no endpoint has. */
export function refuseUnknown(app: FastifyInstance, endpoints: readonly Endpoint[]): void {
  const paths = endpoints.map(({ method, url }) => ({
    method,
    pattern: new RegExp(`^${url.replaceAll(/:\w+/g, '[^/]+')}$`),
  }));
  app.setNotFoundHandler((request: FastifyRequest, reply: FastifyReply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const allowed = paths.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
    if (allowed.length === 0)
      throw invalidRequest(404, `Unrecognized request URL (${request.method}: ${path.slice(0, 200)}).`);
    reply.header('allow', allowed.join(', '));
    throw invalidRequest(405, `${request.method} is not allowed here; ${allowed.join(' and ')} is.`);
  });
}
