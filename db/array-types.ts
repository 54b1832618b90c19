import type { PostgresType } from 'postgres';
import { parse } from 'postgres-array';

/**
 * The arrays that we use, by PostgreSQL's fixed type numbers (pg_type.dat). The driver would ask for them on each new
 * connection, in a promise that nobody awaits: a database that stops at that moment ended the process.
 */
export const arrayTypes = {
  texts: arrayOf(1009, (text) => text),
  uuids: arrayOf(2951, (text) => text),
  smallints: arrayOf(1005, Number),
  integers: arrayOf(1007, Number),
  moments: arrayOf(1185, (text) => new Date(text)),
};

function arrayOf<T>(number: number, read: (text: string) => T): PostgresType {
  return { to: number, from: [number], serialize: written, parse: (text: string) => parse(text, read) };
}

/** @see PostgreSQL manual, 8.15.6 */
function written(list: readonly unknown[]): string {
  const elements = list.map((element) => {
    if (element === null || element === undefined) return 'NULL';
    const text = element instanceof Date ? element.toISOString() : String(element);
    return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
  });
  return `{${elements.join(',')}}`;
}
