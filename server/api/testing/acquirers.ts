import type { Clock } from '#server/kernel/clock.ts';
import type { Parcel, Sent, VaultClient } from '#server/vault-client/vault-client.ts';

/**
 * How an acquirer is out of order. `refusing`: nobody listens. `losing`: the connection breaks. `hanging`: nothing
 * comes back. What it was asked has then been done or not, by the toss of a coin.
 */
export type Trouble = 'refusing' | 'losing' | 'hanging' | undefined;

/** One authorisation as the acquirer's own books have it. */
export interface Entry {
  reference: string;
  amount: number;
  currency: string;
}

/** Two acquirers in memory, in the words of the simulated ones, reached by `vault` as over the wire. */
export interface Acquirers {
  vault: Pick<VaultClient, 'send'>;
  /** By key: what holds money there. Nothing is ever released here. */
  books: Record<string, Map<string, Entry>>;
  /** Authorizations that arrived, however they ended, at each moment of the clock. */
  arrivals: { provider: string; key: string; at: number }[];
}

export interface AcquirersSeams {
  clock: Clock;
  /** What is wrong with a provider now. */
  trouble(provider: string): Trouble;
  coin(): boolean;
  /** Milliseconds that the caller waits for what hangs. */
  patience(method: Parcel['method']): number;
}

const latency = 200;

export function makeAcquirers({ clock, trouble, coin, patience }: AcquirersSeams): Acquirers {
  const books: Acquirers['books'] = { alder: new Map(), birch: new Map() };
  const blocked = new Set<string>();
  const arrivals: Acquirers['arrivals'] = [];
  const taken = new Set<string>();

  function act(parcel: Parcel): Sent {
    const book = books[parcel.provider] ?? new Map<string, Entry>();
    const [, , key = `${parcel.operation}-${parcel.step}`] = parcel.path.split('/');
    const known = book.get(key);
    if (parcel.method === 'GET') return known ? decided(200, key, known) : answered(404, { status: 'absent' });
    const about = { kind: 'tombstone', amount: 0, currency: parcel.currency, authorization_id: key };
    if (parcel.path.endsWith('/voids')) {
      if (known) return answered(422, { ...about, id: 't', status: 'refused', code: 'operation_done' });
      blocked.add(key);
      return answered(201, { ...about, id: 't', status: 'approved' });
    }
    if (blocked.has(key)) return declined(key, parcel);
    if (!known) book.set(key, entryOf(parcel));
    return decided(201, key, book.get(key) ?? entryOf(parcel));
  }

  return {
    books,
    arrivals,
    vault: {
      async send(parcel) {
        const name = `${parcel.operation}-${parcel.step}-${parcel.send}`;
        if (parcel.method === 'POST' && taken.has(name)) return silent('already_sent');
        const wrong = trouble(parcel.provider);
        if (new Date(parcel.sendBefore) <= clock.now()) return notSent('too_late');
        if (wrong === 'refusing') return notSent('provider_unreachable');
        taken.add(name);
        if (parcel.path === '/authorizations') {
          const key = `${parcel.operation}-${parcel.step}`;
          arrivals.push({ provider: parcel.provider, key, at: clock.now().getTime() });
        }
        const answer = wrong === undefined || coin() ? act(parcel) : undefined;
        await clock.sleep(wrong === 'hanging' ? patience(parcel.method) : latency);
        if (wrong !== undefined || !answer) return silent(wrong === 'hanging' ? 'timeout' : 'connection_lost');
        return answer;
      },
    },
  };
}

function entryOf({ amount, currency, body }: Parcel): Entry {
  return { reference: String(body?.reference), amount: Number(amount), currency };
}

function decided(status: number, key: string, { amount, currency }: Entry): Sent {
  const id = `auth_${key}`;
  return answered(status, { id, kind: 'authorization', status: 'approved', amount, currency, authorization_id: id });
}

function declined(key: string, { amount, currency }: Parcel): Sent {
  const id = `auth_${key}`;
  const decision = { id, kind: 'authorization', status: 'refused', code: 'operation_voided', authorization_id: id };
  return answered(422, { ...decision, amount: Number(amount), currency });
}

function answered(status: number, body: object): Sent {
  return { kind: 'answered', status, body, milliseconds: latency };
}

function silent(why: string): Sent {
  return { kind: 'silent', why, milliseconds: latency };
}

function notSent(code: string): Sent {
  return { kind: 'not_sent', code, message: `Nothing was sent: ${code}.` };
}
