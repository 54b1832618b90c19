import type { RawSql } from '#db/client.ts';

/** A file's content as it came, a MiB at a time. */
export async function* contentOf(sql: RawSql, fileId: string): AsyncGenerator<Buffer> {
  const [file] = await sql<{ content: Buffer | null }[]>`SELECT content FROM settlement_files WHERE id = ${fileId}`;
  if (file?.content) yield file.content;
  if (!file || file.content) return;
  for (let part = 0; ; part++) {
    const [found] = await sql<{ content: Buffer }[]>`
      SELECT content FROM settlement_file_parts WHERE file_id = ${fileId} AND part = ${part}`;
    if (!found) return;
    yield found.content;
  }
}
