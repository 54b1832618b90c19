import type { RawSql } from '#db/client.ts';
import { showId } from '#server/kernel/id.ts';
import { systemRandom, unguessable } from '#server/kernel/secret.ts';
import { ids, type Merchant } from '../house/merchants.ts';
import { life } from './statements.ts';

/** The parameters of one life, by name. */
export type Values = Record<string, string>;

/** A statement with numbered parameters, and their names in order. */
interface Numbered {
  text: string;
  names: string[];
}

const steps = life.map(({ name, text }) => ({ name, ...numbered(text) }));

function numbered(text: string): Numbered {
  const names: string[] = [];
  const replaced = text.replaceAll(/(?<!:):([a-z]\w*)/g, (_, name: string) => {
    if (!names.includes(name)) names.push(name);
    return `$${names.indexOf(name) + 1}`;
  });
  return { text: replaced, names };
}

/**
 * Writes one life, each step in a transaction of its own, prepared once for each connection.
 *
 * @param only  The steps to take, where not all of them.
 */
export async function writeLife(sql: RawSql, merchant: Merchant, only?: readonly string[]): Promise<void> {
  const values = valuesOf(merchant);
  for (const { name, text, names } of steps) {
    if (only && !only.includes(name)) continue;
    const at = new Date().toISOString();
    const parameters = names.map((one) => (one === 'at' ? at : (values[one] ?? missing(one))));
    const { count } = await sql.unsafe(text, parameters, { prepare: true });
    if (count === 0) throw new Error('a step of the baseline wrote nothing');
  }
}

function missing(name: string): never {
  throw new Error(`the baseline's statements name a parameter that has no value: ${name}`);
}

const amount = 1_250;
const fee = 43;

export function valuesOf({ id: merchant, caller }: Pick<Merchant, 'id' | 'caller'>): Values {
  const [intent, payment, authorize, capture, verdict] = [ids(), ids(), ids(), ids(), ids()];
  const [authref, capref] = [`auth_${authorize.replaceAll('-', '')}`, `cap_${capture.replaceAll('-', '')}`];
  const events = Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8].map((seq) => [`event${seq}`, ids()]));
  const postings = Object.fromEntries([1, 2, 3, 4].map((nth) => [`posting${nth}`, ids()]));
  return {
    merchant,
    actor: caller.keyId,
    intent,
    payment,
    authorize,
    capture,
    verdict,
    ...events,
    ...postings,
    ...constants,
    key1: ids(),
    key2: ids(),
    request1: showId('request', ids()),
    request2: showId('request', ids()),
    token: `pm_${unguessable(systemRandom, 28)}`,
    fingerprint: unguessable(systemRandom, 16),
    authref,
    capref,
    ...requests(authref, showId('payment', payment)),
    ...answers(authref, capref),
  };
}

/** What is as long as in Florin and need not differ from life to life. */
export const constants: Values = {
  amount: String(amount),
  fee: String(fee),
  print: 'ab'.repeat(32),
  body1: 'x'.repeat(1_012),
  body2: 'x'.repeat(1_036),
};

export function requests(authref: string, reference: string): Values {
  const card = {
    number: '{{card.number}}',
    exp_month: '{{card.exp_month}}',
    exp_year: '{{card.exp_year}}',
    cvc: '{{card.cvc}}',
  };
  return {
    authorizing: JSON.stringify({
      method: 'POST',
      path: '/authorizations',
      body: { amount, currency: 'EUR', reference, card },
    }),
    capturing: JSON.stringify({ method: 'POST', path: `/authorizations/${authref}/captures`, body: { amount } }),
  };
}

export function answers(authref: string, capref: string): Values {
  const data = (id: string, kind: string, more: object) =>
    JSON.stringify({
      exchange: {
        answer: { id, kind, amount, status: 'approved', currency: 'EUR', authorization_id: authref, ...more },
        status: 201,
        milliseconds: 0,
      },
      provider_ref: id,
    });
  return { authdata: data(authref, 'authorization', {}), capdata: data(capref, 'capture', { fee }) };
}
