import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the warehouse has decided of one order; final for its key. */
export interface Shipment {
  key: string;
  /** The shop's own order number. */
  reference: string | null;
  status: 'shipped' | 'refused';
  /** Why it was refused. */
  reason?: string;
  lines: { name: string; quantity: number }[];
  at: string;
}

/** A key that may stand in a file's name. */
export const isKey = (text: string): boolean => /^[\w-]{1,64}$/.test(text);

function file(folder: 'keys' | 'orders', name: string): string {
  const { FLORIN_DATA_DIR: data } = process.env;
  if (!data) throw new Error('The demo warehouse needs FLORIN_DATA_DIR.');
  return join(/* turbopackIgnore: true */ data, 'shop', 'warehouse', folder, `${name}.json`);
}

/**
 * Writes a decision down, unless this key has one already: then that one is the answer. A file is linked to its name
 * whole or not at all, so that any number of processes may decide at once, and whatever was answered survives them.
 */
export async function decide(shipment: Shipment): Promise<Shipment> {
  const target = file('keys', shipment.key);
  if (!(await read(target))) {
    const draft = file('keys', `${shipment.key}.${randomUUID()}`);
    await Promise.all([target, file('orders', 'x')].map((one) => mkdir(join(one, '..'), { recursive: true })));
    await writeFile(draft, JSON.stringify(shipment), { flush: true, mode: 0o600 });
    await link(draft, target).catch(unlessThere);
    await rm(draft);
  }
  if (shipment.reference && isKey(shipment.reference)) {
    await link(target, file('orders', shipment.reference)).catch(unlessThere);
  }
  return (await read(target)) ?? shipment;
}

export function byKey(key: string): Promise<Shipment | undefined> {
  return read(file('keys', key));
}

/** The decision of an order, by the shop's own number of it. */
export async function byReference(reference: string): Promise<Shipment | undefined> {
  return isKey(reference) ? read(file('orders', reference)) : undefined;
}

async function read(path: string): Promise<Shipment | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function unlessThere(error: unknown): void {
  if (codeOf(error) !== 'EEXIST') throw error;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
