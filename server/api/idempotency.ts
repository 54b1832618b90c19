import type { Claim, Answer as Stored } from '#server/idempotency/claim.ts';
import type { Recalled, Subject } from '#server/idempotency/keys.ts';
import { type Keys, once } from '#server/idempotency/once.ts';
import { sha256 } from '#server/kernel/secret.ts';
import type { Fields } from '#server/observability/fields.ts';
import { invalidRequest } from './errors.ts';
import type { Hash, Parameter } from './form.ts';

/** What goes out: an object, or the error envelope of a decline. */
export interface Answer {
  status: number;
  body: unknown;
  /** Ids for the log line. */
  about: Fields;
  /** It speaks of something that a provider has not answered yet. */
  underway?: boolean;
}

/** An answer as it is sent, stored and sent again. */
export interface Sent {
  status: number;
  body: string;
  about: Fields;
  /** The request that was answered first, where this is its answer again. */
  replayOf?: string;
}

const keyAtMost = 255;

/**
 * The caller's key, or undefined where none was sent. Bare as the wire has it, or quoted as a Structured Field string.
 *
 * @throws Failure 400.
 * @see    draft-ietf-httpapi-idempotency-key-header-07, section 2.1.
 */
export function keyIn(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const text = String(header);
  const key = /^"(.*)"$/.exec(text)?.[1] ?? text;
  if (key.length > 0 && key.length <= keyAtMost) return key;
  throw invalidRequest(400, `An Idempotency-Key has from 1 to ${keyAtMost} characters.`);
}

/** The same parameters in another order are the same request; another method or path is another. */
export function fingerprint({ method, path, sent }: { method: string; path: string; sent: Hash }): Buffer {
  return sha256(`${method} ${path}\n${canonical(sent)}`);
}

function canonical(value: Parameter): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name] ?? '')}`).join(',')}}`;
}

/** The answer to what is about to be made, for a verb to keep in the commit that makes it. */
export type Keep<V> = (made: V) => Promise<Stored>;

/** The three things that a writing endpoint can do with a request. */
export interface Work<V> {
  /** Where a verb is handed `keep` and has asked it, the answer is as good as kept: it goes with the change. */
  act(keep: Keep<V>): Promise<V>;
  /** What has become of the subject, where an earlier request changed it and its answer was lost. */
  recover(subject: Subject): Promise<V>;
  show(view: V): Promise<Answer> | Answer;
  /** Where the answer carries a secret: what is stored in its place, to show it anew. */
  standIn?(view: V): Subject;
}

/**
 * Answers a request that carries a key once, and every later one with the same answer. The key is claimed by the verb,
 * in the commit of its change: what is refused before that claims nothing. An error after it is not stored either,
 * since what has become of the change is a better answer than "500" for ever; nor is, for the same reason, the news of
 * a change that is still under way, where somebody asks what has become of it.
 */
export async function answerOnce<V>(
  keys: Keys,
  claim: Claim,
  { request, work }: { request: string; work: Work<V> },
): Promise<Sent> {
  let kept: Shown<V> | undefined;
  const keep = async (made: V) => {
    kept = await shown(work, made);
    return stored(work, kept, request);
  };
  const known = await once(keys, claim, async () => {
    const view = await work.act(keep);
    return kept ?? shown(work, view);
  });
  if (known.kind === 'done') return again(known, work);
  const recovered = known.kind === 'abandoned';
  const answer = recovered ? await shown(work, await work.recover(known.subject)) : known.value;
  const isKept = !recovered && kept !== undefined;
  if (!isKept && (answer.final || !recovered)) await keys.remember(claim, stored(work, answer, request));
  return answer.sent;
}

interface Shown<V> {
  view: V;
  sent: Sent;
  final: boolean;
}

async function shown<V>(work: Work<V>, view: V): Promise<Shown<V>> {
  const answer = await work.show(view);
  return { view, sent: written(answer), final: !answer.underway };
}

function stored<V>({ standIn }: Work<V>, { view, sent }: Shown<V>, request: string): Stored {
  return { status: sent.status, body: standIn ? JSON.stringify(standIn(view)) : sent.body, request };
}

async function again<V>(known: Extract<Recalled, { kind: 'done' }>, work: Work<V>): Promise<Sent> {
  const { status, body, request: replayOf } = known;
  if (!work.standIn) return { status, body, about: {}, replayOf };
  const view = await work.recover(JSON.parse(body) as Subject);
  return { ...written(await work.show(view)), replayOf };
}

export function written({ status, body, about }: Answer): Sent {
  return { status, body: JSON.stringify(body), about };
}
