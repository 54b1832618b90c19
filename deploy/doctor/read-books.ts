import type { JournalLine } from '#simulation/judge/evidence.ts';
import { type Product, Unseen } from './product.ts';

/** Longer than an acquirer of a million lines takes. */
const patience = 60_000;

/** Every acquirer's lines, by its name. @throws Unseen */
export async function readBooks(acquirers: Product['acquirers']): Promise<Map<string, JournalLine[]>> {
  return new Map(await Promise.all(acquirers.map(async (one) => [one.name, await booksOf(one)] as const)));
}

async function booksOf({ name, books, key }: Product['acquirers'][number]): Promise<JournalLine[]> {
  try {
    const headers = { authorization: `Bearer ${key}` };
    const answer = await fetch(books, { headers, signal: AbortSignal.timeout(patience) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line): JournalLine => JSON.parse(line));
  } catch (error) {
    throw new Unseen(`The books of ${name} at ${books} cannot be read (${(error as Error).message}): is it running?`);
  }
}
