import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { Refusal } from '#server/kernel/refusal.ts';

const deepest = 32;

/** Reads a JSON body of at most `limit` bytes. @throws Refusal `too_large` or `invalid_input` */
export async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  if (!isOfType(request, /^application\/json\s*(;|$)/i)) throw new Refusal('invalid_input', 'Send application/json.');
  return parseJson(await readText(request, limit));
}

export function isOfType({ headers }: IncomingMessage, type: RegExp): boolean {
  return type.test(headers['content-type'] ?? '');
}

/** @throws Refusal `too_large` */
export async function readText(request: IncomingMessage, limit: number): Promise<string> {
  const tooLarge = () => new Refusal('too_large', `Send at most ${limit} bytes.`);
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge();
  const { promise, resolve, reject } = Promise.withResolvers<Buffer[]>();
  const chunks: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else reject(tooLarge());
  });
  request.on('end', () => resolve(chunks));
  request.on('error', reject);
  await promise;
  const bytes = Buffer.concat(chunks);
  const text = bytes.toString();
  // A card may be in them; they are ours, and nobody reads them again.
  for (const used of [bytes, ...chunks]) used.fill(0);
  return text;
}

/** @throws Refusal `invalid_input`, also where it is nested too deep. */
export function parseJson(text: string): unknown {
  const value = parse(text);
  if (deeperThan(deepest, value)) throw new Refusal('invalid_input', `Nest at most ${deepest} levels.`);
  return value;
}

/** @throws Refusal `invalid_input`, which names the field and never repeats what was in it. */
export function shaped<T extends z.ZodType>(value: unknown, form: T): z.output<T> {
  const read = form.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const param = issue?.path.join('.') || undefined;
  throw new Refusal('invalid_input', 'A field is missing, malformed or unknown.', param ? { param } : {});
}

/** Whoever walks the body later does so by recursion, and must not run out of stack. */
function deeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((item) => deeperThan(levels - 1, item));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal('invalid_input', 'The body is not JSON.');
  }
}
