import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One place in one file. `find` stands there exactly once. */
export interface Edit {
  /** From the root of the tree: `server/payments/core/mover.ts`. */
  file: string;
  find: string;
  replace: string;
}

/** A change of the product that is never made in the product. */
export interface Patch {
  name: string;
  /** What it does, and what that ought to break. One sentence. */
  why: string;
  edits: readonly Edit[];
}

export interface Scratch {
  /** The copy's root: commands run there as they do at home. */
  folder: string;
  dispose(): Promise<void>;
}

const root = join(import.meta.dirname, '..');
const copied = ['server', 'db', 'simulation', 'package.json', 'tsconfig.json'];

/**
 * A copy of the tree with patches in it, under the system's temporary folder. Migrations may be patched too: a database
 * that is made from the copy never had them otherwise.
 *
 * @throws Error where a patch does not fit: its `find` has gone, or stands there more than once. Nothing is left then.
 */
export async function makeScratch(patches: readonly Patch[]): Promise<Scratch> {
  const folder = await mkdtemp(join(tmpdir(), 'florin-scratch-'));
  const dispose = () => rm(folder, { recursive: true, force: true });
  try {
    await Promise.all(copied.map((name) => cp(join(root, name), join(folder, name), { recursive: true })));
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const patch of patches) for (const edit of patch.edits) await apply(folder, patch.name, edit);
  } catch (error) {
    await dispose();
    throw error;
  }
  return { folder, dispose };
}

async function apply(folder: string, patch: string, { file, find, replace }: Edit): Promise<void> {
  const path = join(folder, file);
  const parts = (await readFile(path, 'utf8')).split(find);
  if (parts.length !== 2)
    throw new Error(`patch '${patch}' does not fit: ${parts.length - 1} places in ${file} read\n${find}`);
  await writeFile(path, parts.join(replace));
}
