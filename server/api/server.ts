import { type FastifyInstance, fastify } from 'fastify';
import type { Composition } from '#server/composition/rooms.ts';
import { showId } from '#server/kernel/id.ts';
import type { Fields } from '#server/observability/fields.ts';
import { healthAnswer, type Ready } from '#server/observability/health.ts';
import type { Receiver } from '#server/webhooks/webhooks.ts';
import { authenticate, type CallerOfKey, type KeyCaller, rememberKeys } from './authenticate.ts';
import { connectionError } from './connection-error.ts';
import { drainOnClose } from './drain.ts';
import { failureOf } from './errors.ts';
import { parseForm, parseJson } from './form.ts';
import { sendFailure, setCommonHeaders } from './respond.ts';
import { chargeEndpoints } from './routes/charges.ts';
import { checkoutSessionEndpoints } from './routes/checkout-sessions.ts';
import { paymentIntentEndpoints } from './routes/payment-intents.ts';
import { refundEndpoints } from './routes/refunds.ts';
import { openWebhooks } from './routes/webhooks.ts';
import { refuseUnknown, serve } from './serve.ts';
import { watch } from './watch.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null where no key is needed, and until it is known. */
    caller: KeyCaller | null;
    /** Ids for the log line. */
    about: Fields | null;
  }
}

type Composed = 'payments' | 'checkout' | 'vault' | 'keys' | 'ids' | 'clock' | 'mode' | 'log' | 'ready';

/** What the process is made of. Every room asks for itself what a caller may do. */
export type Rooms = Pick<Composition, Composed> & {
  callerOfKey: CallerOfKey;
  webhooks: Receiver;
  /** How many gateways of ours stand before this process. */
  trustedHops: number;
};

/** One megabyte: a hundred times the largest request that makes sense. */
const bodyLimit = 1024 * 1024;

/** The public API, as an app that listens nowhere yet. Every answer, Fastify's own included, has the wire's form. */
export function makeServer(rooms: Rooms): FastifyInstance {
  const { ids, clock, log } = rooms;
  const app = fastify({
    bodyLimit,
    // ASVS 5.0, 4.1.3: an address is taken from trusted hops alone.
    trustProxy: (_address, hop) => hop < rooms.trustedHops,
    genReqId: () => showId('request', ids()),
    // Milliseconds in which the headers, and then the whole request, have to arrive.
    http: { headersTimeout: 10_000 },
    requestTimeout: 30_000,
    // Fastify's own page for a closing server lacks the wire's form: what still arrives is answered as usual.
    return503OnClosing: false,
    forceCloseConnections: true,
    // Query strings are read by the endpoints, with the parser of the bodies.
    routerOptions: { querystringParser: () => ({}), maxParamLength: 200 },
    clientErrorHandler: connectionError(ids),
    frameworkErrors: (error, request, reply) => {
      setCommonHeaders(request, reply);
      sendFailure(failureOf(error), reply);
    },
  });
  app.decorateRequest('caller', null);
  app.decorateRequest('about', null);
  app.addHook('onRequest', (request, reply, done) => {
    setCommonHeaders(request, reply);
    done();
  });
  drainOnClose(app, clock);
  watch(app, log);
  app.setErrorHandler((error, request, reply) => {
    const failure = failureOf(error);
    if (failure.status >= 500) log.error({ request: request.id, error: failure.cause ?? error }, 'request failed');
    sendFailure(failure, reply);
  });
  readBodies(app);
  addProbes(app, rooms.ready);
  addEndpoints(app, rooms);
  openWebhooks(app, rooms.webhooks);
  return app;
}

function addEndpoints(app: FastifyInstance, rooms: Rooms): void {
  const endpoints = [
    ...paymentIntentEndpoints(rooms),
    ...chargeEndpoints(rooms),
    ...refundEndpoints(rooms),
    ...checkoutSessionEndpoints(rooms),
  ];
  refuseUnknown(app, endpoints);
  app.register(async (v1) => {
    // Before the body is read: a stranger's megabyte is not worth parsing.
    v1.addHook('onRequest', authenticate(rememberKeys(rooms.callerOfKey, rooms.clock), rooms.mode));
    for (const endpoint of endpoints) serve(v1, endpoint, rooms.keys);
  });
}

function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const asText = { parseAs: 'string' } as const;
  app.addContentTypeParser<string>('application/x-www-form-urlencoded', asText, (_, text, done) =>
    done(null, parseForm(text)),
  );
  app.addContentTypeParser<string>('application/json', asText, (_, text, done) => done(null, parseJson(text)));
}

function addProbes(app: FastifyInstance, ready: Ready): void {
  for (const path of ['/health', '/ready', '/metrics']) {
    app.get(path, async (_request, reply) => {
      const answer = await healthAnswer(path, { ready });
      return answer && reply.code(answer.status).header('content-type', answer.type).send(answer.body);
    });
  }
}
