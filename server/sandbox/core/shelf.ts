import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';

/** Where settlement files stand once they are written, with one list of them. */
export interface Shelf {
  /** What `keepList` was last told; undefined at first. */
  list(): Promise<string | undefined>;
  keepList(list: string): Promise<void>;
  /** Writes a file whole, or leaves none. */
  put(name: string, lines: Iterable<string>): Promise<void>;
  /** Size in bytes. */
  open(name: string): Promise<{ size: number; content: Readable }>;
}

/** On disk: a file or list appears under its name once all of it is durable. */
export function shelfIn(folder: string): Shelf {
  const listPath = join(folder, 'list.json');

  async function write(path: string, lines: Iterable<string>) {
    await mkdir(folder, { recursive: true });
    const file = await open(`${path}.part`, 'w');
    try {
      for (const text of batches(lines)) await file.appendFile(text);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(`${path}.part`, path);
  }

  return {
    async list() {
      return readFile(listPath, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
        return undefined;
      });
    },
    keepList: (list) => write(listPath, [list]),
    put: (name, lines) => write(join(folder, name), lines),
    async open(name) {
      const path = join(folder, name);
      return { size: (await stat(path)).size, content: createReadStream(path) };
    },
  };
}

/** Nothing outlives the process. */
export function shelfInMemory(): Shelf {
  const files = new Map<string, Buffer>();
  let kept: string | undefined;
  return {
    list: async () => kept,
    async keepList(list) {
      kept = list;
    },
    async put(name, lines) {
      files.set(name, Buffer.concat([...batches(lines)].map((text) => Buffer.from(text))));
    },
    async open(name) {
      const content = files.get(name) ?? Buffer.alloc(0);
      return { size: content.length, content: Readable.from([content]) };
    },
  };
}

/** A write for each line would take a hundred times as long. */
function* batches(lines: Iterable<string>): Generator<string> {
  let text = '';
  for (const line of lines) {
    text += line;
    if (text.length < 256 * 1024) continue;
    yield text;
    text = '';
  }
  yield text;
}
