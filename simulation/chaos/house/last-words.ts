import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Line {
  service?: string;
  message?: string;
  error?: { message?: string };
}

const ends = 'an error that nobody caught ends the process';

/** What processes said that ended without being killed, each once: `api: …`. */
export function lastWords(folder: string): string[] {
  const said = globSync(join(folder, 'logs/*.log')).flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.includes(ends))
      .map((line) => JSON.parse(line) as Line)
      .map(({ service, error }) => `${service}: ${error?.message}`),
  );
  return [...new Set(said)];
}
