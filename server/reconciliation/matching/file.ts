import type { RawSql } from '#db/client.ts';
import type { fileStatuses } from '#db/schema/reconciliation-files.ts';
import { invariant } from '#server/kernel/invariant.ts';

export interface File {
  id: string;
  provider: string;
  name: string;
  /** The provider's business day, `2026-03-01`. */
  day: string;
  status: (typeof fileStatuses)[number];
  quarantined: number;
  /** The number of its last line. */
  last: number;
}

/** Lines that one transaction deals with: some tenths of a second. */
export const chunk = 20_000;

export async function readStoredFile(sql: RawSql, fileId: string): Promise<File> {
  const [file] = await sql<File[]>`
    SELECT id, provider, name, day::text AS day, status, quarantined,
      coalesce((SELECT max(line) FROM settlement_lines WHERE file_id = f.id), 0)::int AS last
    FROM settlement_files f WHERE id = ${fileId}`;
  invariant(file, 'a file that is worked on is stored');
  return file;
}

/** A file's lines in pieces: `after` < line ≤ `to`. */
export function* pieces({ last }: Pick<File, 'last'>, size = chunk): Generator<{ after: number; to: number }> {
  for (let after = 0; after < last; after += size) yield { after, to: after + size };
}
