import { isClean, redact } from './redact.ts';

/** Says what of a value may be written, or undefined where nothing of it may. */
export type Guard = (value: unknown) => unknown;

const dropped = '[dropped]';
const longestLabel = 200;
const longestMessage = 1000;

/** One of our ids: letters, digits and `_ . : -`. */
export const id: Guard = (value) =>
  typeof value === 'string' && /^[\w.:-]{1,80}$/.test(value) && isClean(value) ? value : undefined;

/** A short text, cut and redacted. */
export const label: Guard = (value) => {
  if (typeof value === 'string') return redact(value).slice(0, longestLabel);
  return typeof value === 'boolean' ? value : number(value);
};

/** A number of at most eleven digits before the point: no card number fits. Written to three decimals. */
export const number: Guard = (value) => {
  const size = Number(value);
  if ((typeof value !== 'number' && typeof value !== 'bigint') || !(Math.abs(size) < 1e11)) return undefined;
  return Math.round(size * 1000) / 1000;
};

/** A URL without credentials, query and fragment: those carry secrets. */
export const address: Guard = (value) => {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  return url && label(`${url.protocol}//${url.host}${url.pathname}`);
};

/** A message, cut and redacted. Drizzle appends the parameters of a failed query: those are data and stay out. */
export function message(text: string): string {
  return redact(text.split('\nparams:', 1)[0] ?? '').slice(0, longestMessage);
}

/** An error as name, code, message and stack, with its causes. Its other properties may hold anything and stay out. */
export const error: Guard = (value) => describe(value, 3);

function describe(value: unknown, depth: number): unknown {
  if (!(value instanceof Error)) return typeof value === 'string' ? { message: message(value) } : undefined;
  const { code, constraint_name: constraint } = value as { code?: unknown; constraint_name?: unknown };
  return {
    name: label(value.name),
    code: label(code),
    constraint: label(constraint),
    message: message(value.message),
    stack: frames(value.stack),
    cause: depth > 0 ? describe(value.cause, depth - 1) : undefined,
  };
}

/** The frames alone: the lines above them repeat the message. */
function frames(stack = ''): string {
  const lines = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return redact(lines.slice(0, 15).join('\n'));
}

/** What a log line may say. A field is added here or it is not written. */
// biome-ignore format: one row per question
export const logFields = {
  // who and what: the ids that tie lines of all processes together
  payment: id, intent: id, operation: id, request: id, merchant: id, session: id, order: id, event: id, delivery: id,
  staff: id, key: id, shopper: id, card: id, trace: id, span: id,
  // what happened
  action: label, kind: label, step: label, send: label, state: label, trigger: label, from: label, to: label,
  outcome: label, code: label, reason: label, rule: label, verdict: label, cause: label, status: label, error: error,
  provider: label, brand: label, currency: label, amount: number, role: label, actor: label, mode: label,
  // where
  method: label, route: label, path: label, host: label, url: address, port: number, peer: label, workload: label,
  process: label, name: label, version: label, signal: label, exit: label, pid: number, client: label, folder: label,
  // how much
  milliseconds: number, count: number, size: number, bytes: number, attempt: number, limit: number, age: number,
} as const satisfies Record<string, Guard>;

export type Fields = { [name in keyof typeof logFields]?: unknown };

/** Keeps what the list allows. A field off the list leaves its name and nothing else, so that the loss is seen. */
export function allowed(values: Record<string, unknown>, list: Record<string, Guard>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const guard = Object.hasOwn(list, name) ? list[name] : undefined;
    // A name on the list is a word of ours; any other may be a card number itself.
    kept[guard ? name : message(name)] = guard?.(value) ?? dropped;
  }
  return kept;
}
