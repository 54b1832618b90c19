import type { ReportSource } from '#server/reconciliation/intake/source.ts';
import type { Engine, Life } from '../engine/engine.ts';
import type { ProviderName } from '../plan.ts';

export interface Settling {
  /** Its business day ends now: what has happened since the last end is a file, if anything has. */
  endDay(): Promise<void>;
  /** How many files it has. */
  files(): number;
  /** Its files, as a process fetches them. */
  reports(reader: Life): ReportSource;
}

interface SettlingSeams {
  engine: Engine;
  life: Life;
  name: ProviderName;
  /** Asks at its door. */
  at(method: 'GET' | 'POST', url: string): Promise<{ text: string }>;
}

interface Listing {
  files: Awaited<ReturnType<ReportSource['list']>>;
}

/** The settlement files of a simulated acquirer. Who fetches them waits for the scheduler as for all else. */
export function makeSettling({ engine, life, name, at }: SettlingSeams): Settling {
  let count = 0;
  const list = async () => (JSON.parse((await at('GET', '/settlements')).text) as Listing).files;
  return {
    endDay: () =>
      engine.step(life, 'act', `${name} ends its day`, async () => {
        await at('POST', '/settlements/close');
        count = (await list()).length;
      }),
    files: () => count,
    reports: (reader) => ({
      list: () => engine.step(reader, 'act', `${reader.name} lists the files of ${name}`, list),
      async *file(file) {
        const what = `${reader.name} fetches ${file} of ${name}`;
        const { text } = await engine.step(reader, 'act', what, () => at('GET', `/settlements/${file}`));
        yield Buffer.from(text);
      },
    }),
  };
}
