import { Fault } from './fault.ts';

/** The fields of a form or a query, under their own names: `metadata[order]`. */
export class Fields {
  readonly #fields: ReadonlyMap<string, string>;

  constructor(text: string) {
    const pairs = [...new URLSearchParams(text)];
    if (new Set(pairs.map(([name]) => name)).size < pairs.length) throw invalid('a parameter stands twice');
    this.#fields = new Map(pairs);
  }

  text(name: string): string | undefined {
    return this.#fields.get(name) || undefined;
  }

  /** @throws Fault where it is missing. */
  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw invalid(`Missing required param: ${name}.`, 'parameter_missing', name);
    return value;
  }

  /** @throws Fault where it is no whole number from 1 on. */
  amount(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!/^[1-9]\d{0,11}$/.test(value)) throw invalid(`Invalid integer: ${value}`, 'parameter_invalid_integer', name);
    return Number(value);
  }

  /** `metadata[a]=b` as `{ a: 'b' }`. */
  marks(name: string): Record<string, string> {
    const start = `${name}[`;
    const inside = [...this.#fields].filter(([field]) => field.startsWith(start));
    return Object.fromEntries(inside.map(([field, value]) => [field.slice(start.length, -1), value]));
  }

  /** @throws Fault for the first parameter that is not among these. */
  allow(names: readonly string[]): void {
    const known = (field: string) => names.some((name) => field === name || field.startsWith(`${name}[`));
    const other = [...this.#fields.keys()].find((field) => !known(field));
    if (other) throw invalid(`Received unknown parameter: ${other}`, 'parameter_unknown', other);
  }
}

export function invalid(message: string, code?: string, param?: string): Fault {
  return new Fault(400, {
    type: 'invalid_request_error',
    message,
    ...(code !== undefined && { code }),
    ...(param !== undefined && { param }),
  });
}
