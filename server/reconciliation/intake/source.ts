import { type Dispatcher, request } from 'undici';
import { z } from 'zod';
import type { Clock } from '#server/kernel/clock.ts';
import type { SettlementSetting } from './settings.ts';

/** A file that a provider says it has. */
export interface ListedFile {
  name: string;
  /** `2026-11-22` */
  day: string;
}

/** Where one provider's files come from. */
export interface ReportSource {
  /** @throws Error where it does not answer in time, or not with a list. */
  list(): Promise<ListedFile[]>;
  /** A file's bytes. @throws Error, also on the way, where it does not come in time, or not whole. */
  file(name: string): AsyncIterable<Buffer>;
}

/** Milliseconds without a byte, for a list, and for a file; bytes of a list and of a file. */
export interface SourceLimits {
  silence: number;
  list: number;
  file: number;
  listBytes: number;
  fileBytes: number;
}

const usual: SourceLimits = {
  silence: 10_000,
  list: 20_000,
  file: 600_000,
  listBytes: 4_194_304,
  fileBytes: 1_073_741_824,
};

const listing = z.object({
  files: z.array(z.object({ name: z.string().regex(/^[A-Za-z0-9][\w.-]{0,119}$/), day: z.iso.date() })).max(10_000),
});

/** Over HTTP: `/settlements` is the list, and below it lie the files. A redirect is followed nowhere. */
export function sourceOver(
  { url, key }: Pick<SettlementSetting, 'url' | 'key'>,
  clock: Clock,
  limits: SourceLimits = usual,
): ReportSource {
  async function* bytes(path: string, { time, size }: { time: number; size: number }): AsyncGenerator<Buffer> {
    const late = new AbortController();
    const forget = clock.after(time, () => late.abort(new Error(`it was not whole after ${time} ms`)));
    try {
      const answer = await request(`${url}${path}`, {
        headers: { authorization: `Bearer ${key.reveal()}` },
        headersTimeout: limits.silence,
        bodyTimeout: limits.silence,
        signal: late.signal,
      });
      requireAnswer(answer, size);
      let came = 0;
      for await (const chunk of answer.body as AsyncIterable<Buffer>) {
        came += chunk.length;
        if (came > size) throw new Error(`it is longer than ${size} bytes`);
        yield chunk;
      }
    } finally {
      forget();
      late.abort();
    }
  }

  return {
    async list() {
      const chunks: Buffer[] = [];
      for await (const chunk of bytes('/settlements', { time: limits.list, size: limits.listBytes }))
        chunks.push(chunk);
      const read = listing.safeParse(JSON.parse(Buffer.concat(chunks).toString()));
      if (!read.success) throw new Error('what it answered is no list of files');
      return read.data.files;
    },
    file: (name) => bytes(`/settlements/${encodeURIComponent(name)}`, { time: limits.file, size: limits.fileBytes }),
  };
}

function requireAnswer({ statusCode, headers, body }: Dispatcher.ResponseData, size: number): void {
  const said = Number(headers['content-length'] ?? 0);
  if (statusCode === 200 && said <= size) return;
  body.destroy();
  throw new Error(
    statusCode === 200 ? `it says that it has ${said} bytes, and may have ${size}` : `it answered ${statusCode}`,
  );
}
