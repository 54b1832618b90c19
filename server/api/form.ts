import { Refusal } from '#server/kernel/refusal.ts';

/** A parameter as it was sent: text, a list written with `[]` (or in JSON), or a hash. Indexes stay names: `[0]`. */
export type Parameter = string | Parameter[] | Hash;

/** Has no prototype, so that no name sent by a stranger can reach one (OWASP ASVS 5.0, 15.3.6). */
export interface Hash {
  [name: string]: Parameter;
}

const limits = { pairs: 1000, brackets: 5, name: 200 };
const forbidden = new Set(['__proto__', 'constructor', 'prototype']);
const bracketed = /^([^[\]]+)((?:\[[^[\]]*\])*)$/;

export function emptyHash(): Hash {
  return Object.create(null);
}

/**
 * Reads `a=1&b[c]=2&d[]=3&e[0][f]=4`, in a body or in a query string: names are decoded first, then their brackets
 * read. `[]` appends; under `d[][f]` a new element starts where a name repeats.
 *
 * @throws Refusal `invalid_input` on more than 1,000 pairs, more than 5 brackets, names over 200 characters, names of
 *         JavaScript's own, a name that is both text and hash, and a name sent twice (OWASP ASVS 5.0, 15.3.7).
 */
export function parseForm(text: string): Hash {
  const root = emptyHash();
  if (text === '') return root;
  const pairs = text.split('&');
  if (pairs.length > limits.pairs) throw tooMany();
  for (const pair of pairs) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    put(root, pathOf(name), equals < 0 ? '' : decode(pair.slice(equals + 1)));
  }
  return root;
}

function decode(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return storable(text);
  try {
    return storable(decodeURIComponent(text.replaceAll('+', ' ')));
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal('invalid_input', 'The request holds a % that is not followed by UTF-8 in hexadecimal digits.');
  }
}

/** PostgreSQL stores neither NUL nor half a surrogate pair: refused here, they never become somebody's 500. */
function storable(text: string): string {
  if (!text.includes('\0') && text.isWellFormed()) return text;
  throw new Refusal('invalid_input', 'The request holds a NUL character, or text that is not Unicode.');
}

function pathOf(name: string): string[] {
  if (name.length > limits.name) throw refused([name], `Parameter names can have up to ${limits.name} characters`);
  const parts = bracketed.exec(name);
  if (!parts?.[1]) throw refused([name], 'Invalid parameter name, write it like a[b][c]');
  const path = parts[2] ? [parts[1], ...parts[2].slice(1, -1).split('][')] : [parts[1]];
  requireNames(path);
  return path;
}

function requireNames(path: readonly string[]): void {
  if (path.length > limits.brackets + 1) throw refused(path, `Parameters nest up to ${limits.brackets} levels deep`);
  if (path.some((part) => forbidden.has(part))) throw refused(path, 'This parameter name is not allowed');
}

function put(root: Hash, path: readonly string[], value: string): void {
  let place: Parameter[] | Hash = root;
  for (let depth = 0; depth < path.length - 1; depth++) place = step(place, path, depth);
  const last = path.at(-1) ?? '';
  if (Array.isArray(place) !== (last === '')) throw mixed(path);
  if (Array.isArray(place)) place.push(value);
  else if (last in place) throw refused(path, 'You sent this parameter twice, or as both a value and a hash');
  else place[last] = value;
}

/** The list or hash under the part at `depth`, made where it is not there yet. */
function step(place: Parameter[] | Hash, path: readonly string[], depth: number): Parameter[] | Hash {
  const part = path[depth] ?? '';
  if (Array.isArray(place) !== (part === '')) throw mixed(path);
  const found: Parameter | undefined = Array.isArray(place) ? place.at(-1) : place[part];
  if (typeof found === 'string') throw refused(path, 'You sent this parameter as both a value and a hash');
  if (found && !(Array.isArray(place) && repeats(found, path, depth + 1))) return found;
  const made = path[depth + 1] === '' ? [] : emptyHash();
  if (Array.isArray(place)) place.push(made);
  else place[part] = made;
  return made;
}

/** Whether `path`, from `depth` on, would name something that this element of a list already has. */
function repeats(element: Parameter, path: readonly string[], depth: number): boolean {
  const part = path[depth] ?? '';
  if (part === '' || typeof element === 'string' || Array.isArray(element)) return false;
  const found = element[part];
  if (found === undefined) return false;
  return depth === path.length - 1 || repeats(found, path, depth + 1);
}

/**
 * Reads a JSON object into what `parseForm` would make of the same parameters, under the same limits: numbers and
 * booleans become their text, null the empty text that unsets.
 */
export function parseJson(text: string): Hash {
  if (text.trim() === '') return emptyHash();
  const value = readJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal('invalid_input', 'The body must be a JSON object that holds the parameters.');
  }
  return hashOf(value, [], { pairs: 0 });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal('invalid_input', 'The body is not valid JSON.');
  }
}

function hashOf(value: object, path: readonly string[], count: { pairs: number }): Hash {
  const hash = emptyHash();
  for (const [name, inner] of Object.entries(value)) {
    hash[storable(name)] = parameterOf(inner, [...path, name], count);
  }
  return hash;
}

function parameterOf(value: unknown, path: readonly string[], count: { pairs: number }): Parameter {
  requireNames(path);
  if (Array.isArray(value)) return value.map((inner) => parameterOf(inner, [...path, ''], count));
  if (typeof value === 'object' && value !== null) return hashOf(value, path, count);
  count.pairs += 1;
  if (count.pairs > limits.pairs) throw tooMany();
  return value === null ? '' : storable(String(value));
}

/** `['line_items', 0, 'price']` as `line_items[0][price]`. */
export function bracketName(path: readonly PropertyKey[]): string {
  const [first = '', ...rest] = path.map(String);
  return first + rest.map((part) => `[${part}]`).join('');
}

function refused(path: readonly string[], why: string): Refusal {
  const param = bracketName(path).slice(0, 100);
  return new Refusal('invalid_input', `${why}: ${param}`, { param });
}

const mixed = (path: readonly string[]) => refused(path, 'Write a list with [] alone, or with names or indexes alone');
const tooMany = () => new Refusal('invalid_input', `A request can have up to ${limits.pairs} parameters.`);
