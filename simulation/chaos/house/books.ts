import type { JournalLine } from '../../judge/evidence.ts';
import type { House } from './house.ts';
import { acquirerKey, acquirerNames } from './settings.ts';

/** What really happened, by each acquirer's own account. */
export async function booksOf({ acquirerUrls }: House): Promise<Map<string, JournalLine[]>> {
  const books = await Promise.all(
    acquirerNames.map(async (name) => {
      const headers = { authorization: `Bearer ${acquirerKey(name)}` };
      const text = await (await fetch(`${acquirerUrls[name]}/books`, { headers })).text();
      const lines = text.split('\n').filter((line) => line !== '');
      return [name, lines.map((line) => JSON.parse(line) as JournalLine)] as const;
    }),
  );
  return new Map(books);
}
