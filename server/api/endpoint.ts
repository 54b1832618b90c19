import type { Claim } from '#server/idempotency/claim.ts';
import type { Subject } from '#server/idempotency/keys.ts';
import type { Keys } from '#server/idempotency/once.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import type { KeyCaller } from './authenticate.ts';
import { missing } from './errors.ts';
import { readExpand } from './expand.ts';
import { emptyHash, type Hash } from './form.ts';
import { type Answer, answerOnce, fingerprint, type Keep, type Sent, written } from './idempotency.ts';
import type { Asked } from './objects/wire.ts';
import { type Parameters, readParameters } from './parameters/read.ts';

/** A request as an endpoint sees it: who asks, what about, and how the answer is to look. */
export interface Call {
  caller: KeyCaller;
  /** The uuid in the path, empty where the path has none. */
  id: string;
  /** To be handed to the verb that changes something. */
  claim: Claim | undefined;
  asked: Asked;
}

/** The thing that a path names, in the words of its "not found". */
export interface Named {
  noun: string;
  param: string;
  /** The uuid behind a shown id. */
  read(text: string): string | undefined;
}

interface Shape<P, V> {
  url: string;
  /** Needed where `url` holds `:id`. */
  named?: Named;
  parameters: Parameters<P>;
  expandable: readonly string[];
  /** @param keep  Where the request claims a key: for a verb that can keep the answer in its commit. */
  act(call: Call, parameters: P, keep?: Keep<V>): Promise<V>;
  show(view: V, call: Call, parameters: P): Promise<Answer> | Answer;
}

export type Reading<P, V> = Shape<P, V>;

export interface Writing<P, V> extends Shape<P, V> {
  /** What has become of a change whose answer was lost; `subject` is the thing that the change made or moved. */
  recover(call: Call, subject: Subject, parameters: P): Promise<V>;
  /** Set where the answer carries a secret, which is stored nowhere: what to `recover` when it is asked for again. */
  standIn?(view: V): Subject;
}

/** A request as it comes in, parsed no further than into names and texts. */
export interface Incoming {
  caller: KeyCaller;
  request: string;
  path: string;
  /** The shown id in the path. */
  id: string | undefined;
  key: string | undefined;
  sent: Hash | undefined;
}

/** One path and method, with its types erased. */
export interface Endpoint {
  method: 'GET' | 'POST';
  url: string;
  answer(incoming: Incoming, keys: Keys): Promise<Sent>;
}

type Expanding = { expand?: string[] | undefined };

/** A GET: changes nothing, takes no idempotency key. */
export function reading<P extends Expanding, V>(shape: Reading<P, V>): Endpoint {
  return {
    method: 'GET',
    url: shape.url,
    async answer(incoming) {
      const { call, parameters } = read(shape, incoming, undefined);
      return written(await shape.show(await named(shape, incoming, shape.act(call, parameters)), call, parameters));
    },
  };
}

/** A POST. Parameters are read before the key is looked at: what fails here leaves the key unused. */
export function writing<P extends Expanding, V>(shape: Writing<P, V>): Endpoint {
  return {
    method: 'POST',
    url: shape.url,
    async answer(incoming, keys) {
      const { caller, key, request } = incoming;
      const claim =
        key === undefined ? undefined : { merchantId: caller.merchantId, key, fingerprint: printOf(incoming), request };
      const { call, parameters } = read(shape, incoming, claim);
      const work = {
        act: (keep?: Keep<V>) => named(shape, incoming, shape.act(call, parameters, keep)),
        recover: (subject: Subject) => shape.recover(call, subject, parameters),
        show: (view: V) => shape.show(view, call, parameters),
        standIn: shape.standIn,
      };
      return claim ? answerOnce(keys, claim, { request, work }) : written(await work.show(await work.act()));
    },
  };
}

function printOf({ path, sent }: Incoming): Buffer {
  return fingerprint({ method: 'POST', path, sent: sent ?? emptyHash() });
}

function read<P extends Expanding, V>(shape: Shape<P, V>, incoming: Incoming, claim: Claim | undefined) {
  const parameters = readParameters(shape.parameters, incoming.sent ?? emptyHash());
  const expand = readExpand(parameters.expand, shape.expandable);
  const { caller } = incoming;
  const call: Call = {
    caller,
    id: idOf(shape.named, incoming.id),
    claim,
    asked: { livemode: caller.mode === 'live', expand },
  };
  return { call, parameters };
}

function idOf(named: Named | undefined, text: string | undefined): string {
  if (!named || text === undefined) return '';
  const id = named.read(text);
  if (!id) throw missing(named.noun, text, named.param);
  return id;
}

/** A room's "not found" in the words of the path's own noun and id. */
async function named<P, V>(shape: Shape<P, V>, incoming: Incoming, work: Promise<V>): Promise<V> {
  try {
    return await work;
  } catch (error) {
    const absent = error instanceof Refusal && error.code === 'not_found';
    if (absent && shape.named && incoming.id !== undefined)
      throw missing(shape.named.noun, incoming.id, shape.named.param);
    throw error;
  }
}
