import { createHash } from 'node:crypto';
import { Refusal } from '#server/kernel/refusal.ts';
import { settlementReaderOf } from '#server/providers/settlement.ts';
import type { Room } from '../room.ts';

export type IntakeRoom = Pick<Room, 'sql' | 'transact' | 'clock' | 'ids' | 'log'>;

export interface TakeInInput {
  provider: string;
  /** The provider's name for it, 1 to 200 characters. */
  name: string;
  /** The provider's business day, `2026-11-22`. */
  day: string;
  source: 'fetched' | 'uploaded';
  content: Buffer | AsyncIterable<Buffer> | Iterable<Buffer>;
  /** Who uploaded it. */
  staffId?: string;
}

export interface TakenIn {
  id: string;
  /** The same bytes were taken in before, under whatever name. */
  isNew: boolean;
}

/** Bytes of a row of content, and of the longest file. */
const limits = { part: 1_048_576, file: 1_073_741_824 };

/**
 * Stores a settlement file whole, with its hash, once. Memory holds two of its parts, whatever its length.
 *
 * @throws Refusal `invalid_input` where it is no report of this provider's, or another file of this name is here;
 *         `too_large` above 1 GiB. Nothing is stored then.
 */
export async function takeIn(room: IntakeRoom, input: TakeInInput): Promise<TakenIn> {
  requireNamed(input);
  const id = room.ids();
  const hash = createHash('sha256');
  let held: Buffer | undefined;
  let parts = 0;
  try {
    for await (const part of partsOf(input.content)) {
      if (parts === 0) await requireReport(input.provider, part);
      if (held) await storePart(room, id, { part: parts - 1, content: held });
      hash.update(part);
      held = part;
      parts += 1;
    }
    if (!held) throw bad('The file is empty.', 'file');
    if (parts > 1) await storePart(room, id, { part: parts - 1, content: held });
    const taken = await store(room, { ...input, id, digest: hash.digest(), whole: parts > 1 ? null : held });
    if (!taken.isNew && parts > 1) await discard(room, id);
    return taken;
  } catch (error) {
    if (parts > 1) await discard(room, id);
    throw error;
  }
}

/** Buffers of exactly a part's size, but for the last. */
async function* partsOf(content: TakeInInput['content']): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let size = 0;
  let total = 0;
  for await (const chunk of Buffer.isBuffer(content) ? [content] : content) {
    total += chunk.length;
    if (total > limits.file) throw new Refusal('too_large', 'A settlement file has at most 1 GiB.', { param: 'file' });
    waiting.push(chunk);
    size += chunk.length;
    if (size < limits.part) continue;
    const all = Buffer.concat(waiting);
    let start = 0;
    for (; all.length - start >= limits.part; start += limits.part) yield all.subarray(start, start + limits.part);
    waiting = [all.subarray(start)];
    size = all.length - start;
  }
  if (size > 0) yield Buffer.concat(waiting);
}

function requireNamed({ name, day, provider }: TakeInInput): void {
  if (name.length < 1 || name.length > 200 || name.includes('\0'))
    throw bad('A file has a name of 1 to 200 characters.', 'name');
  const midnight = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== day) {
    throw bad('The day is written like this: 2026-11-22.', 'day');
  }
  if (!settlementReaderOf(provider)) throw bad('Reports of this provider cannot be read.', 'provider');
}

/** A heading is no longer than this. */
const beginning = 65_536;

/** @throws Refusal `invalid_input` where the heading is another one. */
async function requireReport(provider: string, start: Buffer): Promise<void> {
  const read = settlementReaderOf(provider);
  // One line past the heading is enough.
  for await (const _ of read?.([start.subarray(0, beginning)]) ?? []) return;
}

async function storePart(room: IntakeRoom, fileId: string, { part, content }: { part: number; content: Buffer }) {
  const at = room.clock.now();
  await room.transact(
    'reconciliation.store-part',
    (tx) => tx`
      INSERT INTO settlement_file_parts (file_id, part, content, received_at)
      VALUES (${fileId}, ${part}, ${content}, ${at})`,
    { writesOnce: true },
  );
}

interface Stored extends TakeInInput {
  id: string;
  digest: Buffer;
  whole: Buffer | null;
}

async function store(room: IntakeRoom, file: Stored): Promise<TakenIn> {
  const { id, provider, name, day, source, staffId = null, digest, whole } = file;
  const at = room.clock.now();
  const stored = await room.transact(
    'reconciliation.store',
    (tx) => tx`
      INSERT INTO settlement_files (id, provider, name, day, source, staff_id, digest, content, received_at, status,
        lines, quarantined)
      VALUES (${id}, ${provider}, ${name}, ${day}, ${source}, ${staffId}, ${digest}, ${whole}, ${at}, 'stored', 0, 0)
      ON CONFLICT DO NOTHING RETURNING id`,
    { writesOnce: true },
  );
  if (stored.length > 0) return { id, isNew: true };
  const [known] = await room.sql<{ id: string }[]>`
    SELECT id FROM settlement_files WHERE provider = ${provider} AND digest = ${digest}`;
  if (known) return { id: known.id, isNew: false };
  throw bad(`Another file of ${provider} named ${name} is here, with other content.`, 'name');
}

/** What was stored of a file that is none. */
async function discard(room: IntakeRoom, fileId: string): Promise<void> {
  await room.transact(
    'reconciliation.discard-parts',
    (tx) => tx`DELETE FROM settlement_file_parts WHERE file_id = ${fileId}`,
    { writesOnce: true },
  );
}

function bad(message: string, param: string): Refusal {
  return new Refusal('invalid_input', message, { param });
}
