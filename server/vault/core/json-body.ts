import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { Refusal } from '#server/kernel/refusal.ts';

const deepest = 32;

/**
 * Reads a JSON body of at most `limit` bytes and of exactly the given shape.
 *
 * @throws Refusal `too_large` or `invalid_input`, which name the field and never repeat what was in it.
 */
export async function readJson<T extends z.ZodType>(
  request: IncomingMessage,
  form: T,
  limit: number,
): Promise<z.output<T>> {
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
    throw new Refusal('invalid_input', 'Send application/json.');
  }
  const body = parse(await readText(request, limit));
  if (deeperThan(deepest, body)) throw new Refusal('invalid_input', `Nest at most ${deepest} levels.`);
  const read = form.safeParse(body);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const param = issue?.path.join('.') || undefined;
  throw new Refusal('invalid_input', 'A field is missing, malformed or unknown.', param ? { param } : {});
}

async function readText(request: IncomingMessage, limit: number): Promise<string> {
  const tooLarge = () => new Refusal('too_large', `Send at most ${limit} bytes.`);
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw tooLarge();
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  const text = bytes.toString();
  // A card may be in them; they are ours, and nobody reads them again.
  for (const used of [bytes, ...chunks]) used.fill(0);
  return text;
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
