import type { Composition } from '#server/composition/rooms.ts';
import type { ReportSource } from '#server/reconciliation/intake/source.ts';
import type { VaultClient } from '#server/vault-client/vault-client.ts';
import type { Engine, Life } from '../engine/engine.ts';
import type { CardName, ProcessName, ProviderName } from '../plan.ts';

export interface Request {
  method: 'GET' | 'POST';
  /** Path and query. */
  url: string;
  headers: Record<string, string>;
  body?: string;
}

export interface Reply {
  status: number;
  body: string;
}

export interface Merchant {
  id: string;
  /** Its secret API key. */
  key: string;
}

/** What those outside see of the simulated installation. */
export interface World {
  readonly engine: Engine;
  readonly merchants: readonly [Merchant, Merchant];
  readonly network: Network;
  /**
   * A request over HTTP to an API process. Undefined: nobody was there, the connection broke, or nothing came back
   * within a minute. The way there and back takes virtual time.
   */
  call(caller: Life, to: ProcessName, request: Request): Promise<Reply | undefined>;
  /** The process dies now, as `SIGKILL` has it; another one begins in its place a little later. */
  kill(name: ProcessName): void;
  /** The rooms of a process that is alive just now, for what staff do in the console. */
  rooms(name: ProcessName): Composition | undefined;
}

/** Vault, wire and acquirers. */
export interface Network {
  /** The vault as one life of a process sees it. */
  vault(life: Life): VaultClient;
  /** The token that the card frame gives for the nth payment's card. */
  token(n: number, card: CardName): string;
  /** Which payment of the plan this is, once its token has been sent: by Florin's id of the payment, without prefix. */
  placeOf(paymentId: string): number | undefined;
  acquirer(name: ProviderName): Acquirer;
  /** Each acquirer writes a settlement file of what has happened since the last one. */
  endDay(): Promise<void>;
  /** How many settlement files there are. */
  files(): number;
  /** The files as a life of a process fetches them. */
  reports(reader: Life): ReadonlyMap<string, ReportSource>;
  /** No request, answer or webhook is under way. */
  quiet(): boolean;
}

/** The simulated acquirer, over real rules and books; only its disk and its wire are held. */
export interface Acquirer {
  /** What `/books` would answer. */
  journal(): Record<string, unknown>[];
  /** The shopper answers the bank, at the address that a challenge named. */
  answerChallenge(url: string, how: 'pass' | 'fail' | 'leave'): Promise<void>;
  /** A refund in the acquirer's own console, or a chargeback: false where nothing was captured. */
  refundElsewhere(n: number, amount: number): Promise<boolean>;
  chargeBack(n: number, amount: number): Promise<boolean>;
  /**
   * The last refund of this payment comes back from the shopper's bank, and a webhook says so: false where there is
   * none, or where nobody took the news.
   */
  sendBack(n: number): Promise<boolean>;
  /**
   * A person lets a hold go in the acquirer's own console, by the authorisation's id: false where nothing is held. The
   * books show it as made there, and no webhook tells of it.
   */
  release(authorization: string): Promise<boolean>;
  forgetKeys(): void;
}

/** How webhooks reach Florin: the status that was answered, or undefined where nobody was there. */
export type DeliverWebhook = (
  provider: ProviderName,
  webhook: { headers: Record<string, string>; body: string },
  /** For chance and traces: `#3 webhook 1/2` is the second attempt; the same whatever else is in the plan. */
  name: string,
) => Promise<number | undefined>;
