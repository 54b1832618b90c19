import inject from 'light-my-request';
import { Secret } from '#server/kernel/secret.ts';
import type { Log } from '#server/observability/log.ts';
import { type Journal, makeSandbox, type SendWebhook } from '#server/sandbox/make.ts';
import type { Engine, Life } from '../engine/engine.ts';
import type { ProviderName } from '../plan.ts';
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
export interface HeldAcquirer extends Acquirer {
  readonly life: Life;
  /** To be called within a step of its life. */
  ask(letter: Letter, lever?: Lever): Promise<Answer>;
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
  const room = makeSandbox({
    name,
    key: new Secret(apiKey),
    fees: { basisPoints: 140, fixed: 25 },
    mode: 'test',
    clock: life.clock,
    random: engine.dice.bytes(name),
    log: silent,
    journal: memory,
    past: [],
    // What it takes to think is a part of the way there and back.
    latency: 0,
    challengeUrl: (id) => `https://bank.${name}.example/challenges/${id}`,
    webhooks: { send, secret: new Secret(webhookSecret) },
  });
  const captureOf = new Map<number, string>();

  async function at(method: 'GET' | 'POST' | 'DELETE', url: string, payload?: string, key?: string) {
    const idempotency = key !== undefined && { 'idempotency-key': key };
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...idempotency };
    const {
      statusCode,
      payload: text,
      headers: answered,
    } = await inject(room.handler, {
      method,
      url,
      headers,
      ...(payload !== undefined && { payload }),
    });
    return { status: statusCode, text, replayed: answered['idempotent-replayed'] === 'true' };
  }

  function learn({ n, key }: Letter, { text }: Answer): void {
    const [, captureId] = /"id":"(cap_\w+)","kind":"capture","status":"approved"/.exec(text) ?? [];
    if (!captureId) return;
    places.captured(captureId, key);
    if (n !== undefined) captureOf.set(n, captureId);
  }

  /** By the cardholder's bank or in the acquirer's console: the merchant is not asked. */
  async function unasked(path: string, what: string, body: object): Promise<boolean> {
    const made = () => at('POST', path, JSON.stringify(body));
    return (await engine.step(life, 'act', what, made)).status === 201;
  }

  const taking = (path: string) => async (n: number, amount: number) => {
    const capture = captureOf.get(n);
    return capture !== undefined && unasked(path, `#${n} ${path.slice(1)}`, { capture, amount });
  };

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
    untold: room.untold,
    journal: () => room.effects() as Record<string, unknown>[],
    async answerChallenge(url, how) {
      if (how === 'leave') return;
      const form = `answer=${how === 'pass' ? 'approve' : 'decline'}`;
      await engine.step(life, 'act', 'a challenge is answered', () => at('POST', new URL(url).pathname, form));
    },
    refundElsewhere: taking('/console/refunds'),
    chargeBack: taking('/chargebacks'),
    release: (authorization) => unasked('/console/voids', 'a hold is let go', { authorization }),
    forgetKeys: room.forgetKeys,
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
