import { createReadStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '#server/kernel/clock.ts';
import type { Log } from '#server/observability/log.ts';

/** An append-only file of JSON lines. What `append` resolved for survives a kill of the process and of the machine. */
export interface Journal {
  /**
   * Resolves when the line is on disk. Lines of one turn of the event loop share a write and an fsync, and so do all
   * that arrive while an fsync is under way (group commit). Rejects, from then on always, once a write failed.
   */
  append(line: object): Promise<void>;
  /** Resolves when every line appended so far is on disk; rejects once a write failed. */
  settled(): Promise<void>;
  /** Whether every write so far went well. */
  sound(): boolean;
  close(): Promise<void>;
}

interface Group {
  text: string;
  written: PromiseWithResolvers<void>;
}

export interface JournalOptions {
  /** Its folder is made where it is missing. */
  path: string;
  /** Sees every line that is there already, oldest first. */
  replay: (line: unknown) => void;
  clock: Clock;
  log: Log;
  /** Hears of the first write that failed. */
  broken: (error: unknown) => void;
}

/**
 * Opens the journal, or makes it. A last line that a crash left torn was never answered: it is cut off, with a warning.
 *
 * @throws Error where any other line is no JSON: the books cannot be trusted then, and nothing is changed.
 */
export async function openJournal({ path, replay, clock, log, broken }: JournalOptions): Promise<Journal> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'a+');
  const { whole, size } = await readLines(path, replay);
  if (whole < size) {
    log.warn({ bytes: size - whole }, 'the last line of the journal was torn by a crash and is dropped');
    await file.truncate(whole);
    await file.datasync();
  }
  const disk: Disk = {
    async write(text) {
      await file.appendFile(text);
      await file.datasync();
    },
    close: () => file.close(),
  };
  return journalOn(disk, { clock, broken });
}

/** Something that makes text durable. */
export interface Disk {
  write(text: string): Promise<void>;
  close(): Promise<void>;
}

/** The group commit, over any disk. */
export function journalOn(disk: Disk, { clock, broken }: Pick<JournalOptions, 'clock' | 'broken'>): Journal {
  let forming: Group | undefined;
  let writing: Group | undefined;
  let sound = true;

  async function flush() {
    while (forming) {
      writing = forming;
      forming = undefined;
      try {
        // After a failed write nobody knows what the file holds: memory and disk would drift apart, line by line.
        if (!sound) throw brokenBefore();
        await disk.write(writing.text);
        writing.written.resolve();
      } catch (error) {
        writing.written.reject(error);
        if (sound) broken(error);
        sound = false;
      }
    }
    writing = undefined;
  }

  return {
    append(line) {
      if (!forming) {
        forming = { text: '', written: Promise.withResolvers() };
        if (!writing) clock.idle(() => void (writing ?? flush()));
      }
      forming.text += `${JSON.stringify(line)}\n`;
      return forming.written.promise;
    },
    async settled() {
      await (forming ?? writing)?.written.promise;
      if (!sound) throw brokenBefore();
    },
    sound: () => sound,
    async close() {
      await (forming ?? writing)?.written.promise.catch(() => undefined);
      await disk.close();
    },
  };
}

function brokenBefore(): Error {
  return new Error('the journal could not be written: no answer is given that it does not hold');
}

/**
 * Hands on each line that ends in a line feed.
 *
 * @returns The bytes that these lines take, and the size of the file; where they differ, the last line is torn.
 */
async function readLines(path: string, replay: (line: unknown) => void): Promise<{ whole: number; size: number }> {
  let rest = Buffer.alloc(0);
  let size = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    size += chunk.length;
    rest = Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10, start)) {
      replay(parse(rest.toString('utf8', start, end)));
      start = end + 1;
    }
    rest = rest.subarray(start);
  }
  return { whole: size - rest.length, size };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new Error('a line in the middle of the journal is no JSON: restore the file, or remove it to start anew');
  }
}
