import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { withContext } from '#server/observability/context.ts';
import { inSpan } from '#server/observability/trace.ts';
import { statusOf } from '#server/webhooks/answer.ts';
import { longestBody } from '#server/webhooks/receive.ts';
import type { Receiver } from '#server/webhooks/webhooks.ts';
import { jsonType } from '../respond.ts';

const url = '/webhooks/:provider';

/**
 * Where providers call us: no key, no form, the body as it came. A sender who is not believed is told that and no more;
 * why stands in the console.
 */
export function openWebhooks(app: FastifyInstance, receiver: Receiver): void {
  app.register(async (door) => {
    door.removeAllContentTypeParsers();
    door.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
    // A stranger's trace is not continued.
    door.post(url, { bodyLimit: longestBody }, (request, reply) =>
      withContext({ request: request.id }, () =>
        inSpan('api.webhook', { route: url }, () => answer(receiver, request, reply)),
      ),
    );
  });
}

async function answer(receiver: Receiver, request: FastifyRequest, reply: FastifyReply): Promise<string> {
  const { provider = '' } = request.params as { provider?: string };
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
  const receipt = await receiver.receive({ provider, address: request.ip, headers, body });
  reply.header('content-type', jsonType);
  if (receipt.kind === 'taken') return JSON.stringify({ received: true });
  request.about = { provider, reason: receipt.reason };
  reply.code(statusOf[receipt.reason]);
  return JSON.stringify({ error: { type: 'invalid_request_error', message: 'This webhook was not accepted.' } });
}
