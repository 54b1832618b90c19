import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '#server/trpc/root.ts';

type Inputs = inferRouterInputs<AppRouter>['checkout'];
type Outputs = inferRouterOutputs<AppRouter>['checkout'];

/** What this page asks for itself; the session with its amounts is read on the server. */
type Procedure = Exclude<keyof Inputs, 'session'>;

/** The checkout's definite "no", in the words of `server/trpc/refused.ts`. What else a call throws was no answer. */
export class Refused extends Error {
  override name = 'Refused';
  readonly code: string;
  /** To ask about. */
  readonly request: string | undefined;

  constructor(message: string, { code, request }: { code: string; request?: string | null }) {
    super(message);
    this.code = code;
    this.request = request ?? undefined;
  }
}

/** No answer came in time. Unlike one that was lost on the way, it may still be at work somewhere. */
export class Late extends Error {
  override name = 'Late';
}

/**
 * Milliseconds after which a call is given up: a server that hangs may keep nobody waiting for ever. What a bank has to
 * be asked for takes longer than what the checkout knows by itself.
 */
const limits: Readonly<Record<Procedure, number>> = {
  confirm: 20_000,
  giveUp: 20_000,
  back: 10_000,
  status: 10_000,
  frameGrant: 10_000,
};

/**
 * One call of the checkout's router, typed by it. tRPC's own client and superjson do the same for the console; here
 * they would double what this page adds to its framework, to carry two dates.
 *
 * @throws Refused; Late after the call's limit; anything else where no answer came, so that nobody knows whether the
 *         request did.
 */
export async function call<P extends Procedure>(
  procedure: P,
  input: Inputs[P],
  signal: AbortSignal | null = null,
): Promise<Outputs[P]> {
  // `AbortSignal.any` would do, but browsers that the framework supports do not have it.
  const over = new AbortController();
  const stop = () => over.abort(signal?.reason);
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop, { once: true });
  const timer = setTimeout(() => over.abort(new Late(`no answer to ${procedure}`)), limits[procedure]);
  try {
    return (await send(procedure, input, over.signal)) as Outputs[P];
  } catch (error) {
    // Some browsers throw what they were told at the abort, and some an error of their own.
    throw over.signal.aborted ? over.signal.reason : error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

async function send(procedure: Procedure, input: unknown, signal: AbortSignal): Promise<unknown> {
  // A checkout's id is a secret: in an address it would stand in every gateway's log. So questions are POSTs, too.
  const response = await fetch(`/api/trpc/checkout.${procedure}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ json: input }),
    signal,
  });
  return readAnswer(await response.json());
}

interface Answer {
  result?: { data: Written };
  error?: { json: { message: string; data: { code: string; request?: string | null } } };
}

/** As superjson writes: what JSON can't say is text in `json`, and `values` names its path and type. */
interface Written {
  json: unknown;
  meta?: { values?: Record<string, [type: string]> };
}

const readers: Readonly<Record<string, (written: string) => unknown>> = {
  Date: (text) => new Date(text),
  bigint: (text) => BigInt(text),
  undefined: () => undefined,
};

/** @throws Refused, or TypeError for what is no answer of ours. */
export function readAnswer({ result, error }: Answer): unknown {
  if (error) throw new Refused(error.json.message, error.json.data);
  if (!result) throw new TypeError('no answer');
  const { json, meta } = result.data;
  for (const [path, [type]] of Object.entries(meta?.values ?? {})) {
    const steps = path.split('.');
    const last = steps.pop() ?? '';
    const place = steps.reduce((at, step) => at[step] as Fields, json as Fields);
    const read = readers[type];
    if (!read) throw new TypeError(`a ${type} at ${path}`);
    place[last] = read(place[last] as string);
  }
  return json;
}

type Fields = Record<string, unknown>;
