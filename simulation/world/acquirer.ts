import inject from 'light-my-request';
import { Secret } from '#server/kernel/secret.ts';
import type { Log } from '#server/observability/log.ts';
import { type Journal, makeSandbox, type SandboxRoom, type SendWebhook } from '#server/sandbox/make.ts';
import type { Dice } from '../engine/dice.ts';
import type { Engine, Life } from '../engine/engine.ts';
import type { ProviderName } from '../plan.ts';
import { makeSendingBack } from './acquirer-sends-back.ts';
import { makeSettling, type Settling } from './acquirer-settles.ts';
import type { Places } from './network-places.ts';
import { webhookSecret } from './settings.ts';
import type { Letter } from './vault.ts';
import type { Acquirer } from './world.ts';

/** A fault of the acquirer's own making, for one request: one of its levers. */
export interface Lever {
  fault: 'error' | 'rate_limit' | 'broken_json' | 'wrong_amount' | 'wrong_currency' | 'wrong_id';
  after?: true;
}

export interface Answer {
  status: number;
  text: string;
  /** The same request was answered under this key before. */
  replayed: boolean;
}

/** An acquirer as the network has it. */
export interface HeldAcquirer extends Acquirer, Settling {
  readonly life: Life;
  /** To be called within a step of its life. */
  ask(letter: Letter, lever?: Lever): Promise<Answer>;
  /**
   * From now on what is asked so is definitely refused, within a step of its life: its key is blocked where that can be
   * done, and elsewhere the hold behind it is gone.
   */
  refuse(letter: Letter): Promise<void>;
  /** Takes from a captured payment unasked, within a step of its life. */
  take(what: 'chargeback' | 'refund', n: number, amount: number): Promise<boolean>;
  /** Keys of what was decided before this moment are as good as new; inquiries still find it. */
  expireKeys(before: Date): void;
  /** Webhooks that are neither taken nor given up. */
  untold(): number;
}

export interface AcquirerSeams {
  engine: Engine;
  name: ProviderName;
  places: Places;
  send: SendWebhook;
}

const apiKey = 'key-of-the-simulation';

/** The real acquirer: its rules, books, keys, challenges, doors and webhooks, without disk and sockets. */
export function makeHeldAcquirer({ engine, name, places, send }: AcquirerSeams): HeldAcquirer {
  const life = engine.begin(name);
  const room = roomOf(life, engine.dice, name, send);
  const at = askerOf(room);
  const captureOf = new Map<number, string>();
  /** Places by authorisation, and by the address of a challenge: steps have names that stay the same without others. */
  const about = new Map<string, number>();

  function learn({ n, key }: Letter, { text }: Answer): void {
    const [, captureId] = /"id":"(cap_\w+)","kind":"capture","status":"approved"/.exec(text) ?? [];
    const [, authorization = ''] = /"authorization_id":"(\w+)"/.exec(text) ?? [];
    const [, challenge = ''] = /"challenge_url":"([^"]+)"/.exec(text) ?? [];
    if (captureId) places.captured(captureId, key);
    if (n === undefined) return;
    if (captureId) captureOf.set(n, captureId);
    about.set(authorization, n).set(challenge, n);
  }

  /** By the cardholder's bank or in the acquirer's console: the merchant is not asked. */
  const take: HeldAcquirer['take'] = async (what, n, amount) => {
    const capture = captureOf.get(n);
    if (capture === undefined) return false;
    const path = what === 'refund' ? '/console/refunds' : '/chargebacks';
    return (await at('POST', path, JSON.stringify({ capture, amount }))).status === 201;
  };
  const back = makeSendingBack({ life, room, places, send });
  const settling = makeSettling({ engine, life, name, at });
  const inStep = (what: string, act: () => Promise<boolean>) => engine.step(life, 'act', what, act);

  return {
    life,
    async ask(letter, lever) {
      const { method, path, body, key, asked } = letter;
      if (lever) await at('POST', '/levers', JSON.stringify({ ...lever, kind: asked, times: 1 }));
      const answer = await at(method, path, body, method === 'POST' ? key : undefined);
      if (lever) await at('DELETE', '/levers');
      learn(letter, answer);
      return answer;
    },
    expireKeys: room.expireKeys,
    untold: () => room.untold() + back.untold(),
    journal: () => room.effects() as Record<string, unknown>[],
    async answerChallenge(url, how) {
      if (how === 'leave') return;
      const form = `answer=${how === 'pass' ? 'approve' : 'decline'}`;
      await engine.step(life, 'act', `#${about.get(url) ?? '?'} answers its bank`, () =>
        at('POST', new URL(url).pathname, form),
      );
    },
    async refuse({ key, path }) {
      if ((await at('POST', `/operations/${key}/voids`, '{}', `block-${key}`)).status === 201) return;
      await at('POST', '/console/voids', JSON.stringify({ authorization: path.split('/')[2] }));
    },
    take,
    sendBack: back.sendBack,
    refundElsewhere: (n, amount) => inStep(`#${n} refunded in the console`, () => take('refund', n, amount)),
    chargeBack: (n, amount) => inStep(`#${n} charged back`, () => take('chargeback', n, amount)),
    release: (authorization) =>
      inStep(`#${about.get(authorization) ?? '?'} is let go in the console`, async () => {
        const { status } = await at('POST', '/console/voids', JSON.stringify({ authorization }));
        return status === 201;
      }),
    forgetKeys: room.forgetKeys,
    ...settling,
  };
}

function roomOf({ clock }: Life, dice: Dice, name: ProviderName, send: SendWebhook): SandboxRoom {
  return makeSandbox({
    name,
    key: new Secret(apiKey),
    fees: { basisPoints: 140, fixed: 25 },
    mode: 'test',
    clock,
    random: dice.bytes(name),
    log: silent,
    journal: memory,
    past: [],
    // What it takes to think is a part of the way there and back.
    latency: 0,
    challengeUrl: (id) => `https://bank.${name}.example/challenges/${id}`,
    webhooks: { send, secret: new Secret(webhookSecret) },
  });
}

/** Asks at its door, as over HTTP. */
function askerOf({ handler }: SandboxRoom) {
  return async (method: 'GET' | 'POST' | 'DELETE', url: string, body?: string, key?: string): Promise<Answer> => {
    const idempotency = key !== undefined && { 'idempotency-key': key };
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...idempotency };
    const request = { method, url, headers, ...(body !== undefined && { payload: body }) };
    const { statusCode: status, payload: text, headers: answered } = await inject(handler, request);
    return { status, text, replayed: answered['idempotent-replayed'] === 'true' };
  };
}

/** It never breaks: what a disk can do to the acquirer is a matter of its own room's tests. */
const memory: Journal = {
  append: async () => {},
  settled: async () => {},
  sound: () => true,
  close: async () => {},
};

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
