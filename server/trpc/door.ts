import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import type { Context } from './context.ts';
import { type Shown, shown } from './refused.ts';
import { appRouter } from './root.ts';

/** More than any input of ours; a body above it is not read to its end. */
const largestBody = 64 * 1024;

/**
 * Answers one call over HTTP. What did not come from our own pages as JSON is refused before anything looks at it.
 * Questions are POSTs too: a checkout's id is a secret, and an address is written down by all it passes.
 *
 * @see ASVS 5.0, 3.5.1: a cross-site POST changes nothing. Origin can't be forged by a page, and a form can't send
 * JSON.
 */
export async function answer(request: Request, context: Context): Promise<Response> {
  const { rooms, request: id } = context;
  const no = foreign(request, rooms.webOrigin);
  if (no) {
    rooms.log.warn({ request: id, reason: no.code, method: request.method }, 'call refused at the door');
    return refuse(no.status, { code: no.code, message: no.message, param: undefined }, id);
  }
  const whole = await read(request);
  if (!whole) return refuse(413, { code: 'too_large', message: 'This request is too large.', param: undefined }, id);
  return fetchRequestHandler({
    endpoint: '/api/trpc',
    req: whole,
    router: appRouter,
    allowBatching: false,
    allowMethodOverride: true,
    createContext: () => context,
    responseMeta: () => ({ headers: new Headers({ 'cache-control': 'no-store', 'request-id': id }) }),
    onError: ({ error, path }) => report(context, path, error),
  });
}

function report({ rooms, request }: Context, path: string | undefined, error: Parameters<typeof shown>[0]) {
  const { code } = shown(error);
  const fields = { request, route: path ? `trpc/${path}` : 'trpc', code };
  if (code === 'internal') rooms.log.error({ ...fields, error: error.cause ?? error }, 'call failed');
  else if (code === 'forbidden' || code === 'unauthenticated') rooms.log.warn(fields, 'call refused');
  else rooms.log.info(fields, 'call refused');
}

function foreign(request: Request, webOrigin: string) {
  if (request.method !== 'POST') return { status: 405, code: 'invalid_input', message: 'Send a POST.' } as const;
  if (request.headers.get('origin') !== webOrigin) {
    return { status: 403, code: 'forbidden', message: 'Only our own pages may call this.' } as const;
  }
  const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'application/json') return undefined;
  return { status: 415, code: 'invalid_input', message: 'Send JSON.' } as const;
}

/** The request with its body in memory, or undefined where that is too large, whatever its length header says. */
async function read(request: Request): Promise<Request | undefined> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > largestBody) return undefined;
    chunks.push(chunk);
  }
  const { url, method, headers, signal } = request;
  return new Request(url, { method, headers, signal, body: new Blob(chunks) });
}

/** In the shape of tRPC's own errors, so that the client reads it as one. */
function refuse(httpStatus: number, { code, message, param }: Shown, request: string): Response {
  const error = { json: { message, code: -32_600, data: { code, param, httpStatus, request } } };
  return Response.json(
    { error },
    { status: httpStatus, headers: { 'cache-control': 'no-store', 'request-id': request } },
  );
}
