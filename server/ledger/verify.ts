import type { RawSql } from '#db/client.ts';
import { showId } from '#server/kernel/id.ts';
import { balances } from './balances.ts';
import { type Compared, compareBooks, sumOf } from './compare-books.ts';
import { readBooks } from './read-books.ts';
import type { Book, BookRow } from './replay.ts';

/** What came of a replay: whether the books are what the log makes, in words. */
export interface Verified {
  equal: boolean;
  words: string[];
}

/** After every posting there is. */
const theEnd = new Date(Date.UTC(9999, 0));

/**
 * Compares what a log makes with the books, first posting by posting, then balance by balance: those that people are
 * shown, with the daily snapshots in them.
 *
 * @param tx  A transaction that sees one state of the books throughout.
 */
export async function verify(tx: RawSql, made: AsyncGenerator<Book>): Promise<Verified> {
  const compared = await compareBooks(made, readBooks(tx));
  const { payments, postings, sums } = compared;
  const words = [...untold(compared)];
  const difference = postingDiffers(compared) ?? (await balanceDiffers(tx, compared));
  if (difference) return { equal: false, words: [...words, `First difference: ${difference}`] };
  return {
    equal: true,
    words: [...words, `Equal: ${postings} postings of ${payments} payments, ${sums.size} balances.`],
  };
}

function untold({ untold: count, firstUntold }: Compared): string[] {
  if (!firstUntold) return [];
  const { paymentId, seq } = firstUntold;
  const which = `event ${seq} of ${showId('payment', paymentId)}`;
  return [
    `${count} payments cannot be told from the log: their events are of before it said in whose books and in what ` +
      `currency they belong, such as ${which}. Their postings are taken as they stand.`,
  ];
}

function postingDiffers({ difference }: Compared): string | undefined {
  if (!difference) return undefined;
  const { made, found } = difference;
  const { payment_id: payment = '', seq } = made ?? found ?? {};
  const of = `event ${seq} of ${showId('payment', payment)}`;
  if (!found) return `${of}: the log makes ${inWords(made)}, and the books have nothing.`;
  if (!made) return `${of}: the books have ${inWords(found)}, and the log makes nothing.`;
  return `${of}: the log makes ${inWords(made)}, and the books have ${inWords(found)}.`;
}

function inWords(row: BookRow | undefined): string {
  if (!row) return 'nothing';
  const { kind, debit, credit, amount, currency, provider, merchant_id: merchant, at, reverses } = row;
  const back = reverses === null ? '' : `, which takes back ${reverses}`;
  return `${kind} of ${amount} ${currency} from ${credit} to ${debit} at ${provider}${back} (${showId('merchant', merchant)}, ${at})`;
}

async function balanceDiffers(tx: RawSql, { sums }: Compared): Promise<string | undefined> {
  const shown = new Map([...sums.keys()].map((account) => [account, { debits: 0n, credits: 0n }]));
  for (const merchantId of new Set([...sums.keys()].map((account) => account.slice(0, account.indexOf(' '))))) {
    for (const { provider, currency, account, debits, credits } of await balances(tx, { merchantId, at: theEnd })) {
      Object.assign(sumOf(shown, `${merchantId} ${provider} ${currency} ${account}`), { debits, credits });
    }
  }
  for (const [account, { debits, credits }] of [...shown].toSorted(([one], [other]) => (one < other ? -1 : 1))) {
    const due = sums.get(account) ?? { debits: 0n, credits: 0n };
    if (due.debits === debits && due.credits === credits) continue;
    const [merchant = '', ...rest] = account.split(' ');
    return (
      `the account ${rest.join(' ')} of ${showId('merchant', merchant)}: the log makes debits of ${due.debits} and ` +
      `credits of ${due.credits}, and what is shown is ${debits} and ${credits}.`
    );
  }
  return undefined;
}
