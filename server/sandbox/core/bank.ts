import type { Clock } from '#server/kernel/clock.ts';
import type { Acquirer } from './acquirer.ts';
import { bankPage, type Page } from './bank-page.ts';
import type { AcquirerName } from './behaviour.ts';
import type { Books } from './books.ts';
import type { ChallengeEnd } from './decide.ts';
import type { Call, Desk } from './door.ts';
import { readText } from './wire.ts';

export interface BankOptions {
  name: AcquirerName;
  acquirer: Pick<Acquirer, 'endChallenge'>;
  books: Pick<Books, 'byChallenge'>;
  clock: Clock;
}

const answers: readonly ChallengeEnd[] = ['approve', 'decline', 'cancel'];

/**
 * The cardholder's bank, where a challenge is answered: `/challenges/<id>`. It asks for no key and no cookie. Whoever
 * knows the id may answer, so that there is nothing for a forged request to ride on.
 */
export function makeBank({ name, acquirer, books, clock }: BankOptions): Desk {
  return async (call) => {
    const [first, id = '', ...more] = call.segments;
    if (first !== 'challenges' || more.length > 0 || !['GET', 'POST'].includes(call.method)) return false;
    const bank = `${name.slice(0, 1).toUpperCase()}${name.slice(1)} Bank`;
    let entry = books.byChallenge(id);
    if (entry?.status === 'challenged' && call.method === 'POST') {
      const answer = new URLSearchParams(await readText(call.request)).get('answer');
      const end = answers.find((one) => one === answer);
      if (end) entry = await acquirer.endChallenge(id, end);
    }
    if (entry?.status === 'challenged') send(call, 200, bankPage({ bank, entry, now: clock.now() }));
    else if (entry?.challenge?.returnUrl !== undefined) goOn(call, entry.challenge.returnUrl);
    else send(call, entry ? 200 : 404, bankPage({ bank, entry, now: clock.now() }));
    return true;
  };
}

/** Out of the form and on by GET: going back or reloading answers nothing twice. */
function goOn({ response }: Call, location: string) {
  response.writeHead(303, { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  response.end();
}

function send({ response }: Call, status: number, { html, headers }: Page) {
  response.writeHead(status, headers);
  response.end(html);
}
