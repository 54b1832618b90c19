import { ofBooks, ofDatabase, type Wrong } from './invariant.ts';
import { money, shown } from './shown.ts';

interface Unheard extends Wrong {
  file: string;
  line: number;
  kind: string;
}

const heard = ofDatabase<Unheard>({
  id: 'I11h',
  says: 'What a posted settlement file says of money that moved is on record, or a difference before a person.',
  rest: false,
  find: ({ sql, payments, whole }) => sql<Unheard[]>`
    SELECT l.payment_id AS payment, l.merchant_id AS merchant, f.name AS file, l.line, l.kind
    FROM settlement_lines l JOIN settlement_files f ON f.id = l.file_id AND f.status = 'posted'
    WHERE l.kind IN ('capture', 'refund', 'refund_returned', 'chargeback') AND l.posted_at IS NULL
      AND (${whole} OR l.payment_id IN (SELECT p.id FROM ${payments}))
      AND NOT EXISTS (SELECT FROM discrepancies d WHERE d.file_id = l.file_id AND d.line = l.line)
    LIMIT 50`,
  tell: ({ file, line, kind }) => `Line ${line} of ${file}, a ${kind}, is neither on record nor before anybody.`,
});

interface Unlike extends Wrong {
  payment: string;
  currency: string;
  reconciled: string | null;
  said: string | null;
}

const asSaid = ofDatabase<Unlike>({
  id: 'I2e',
  says: 'What a payment was settled for is what the one line of its capture says.',
  rest: false,
  find: ({ sql, payments }) => sql<Unlike[]>`
    SELECT p.id AS payment, p.merchant_id AS merchant, p.currency, p.reconciled::text, l.amount::text AS said
    FROM ${payments}
    LEFT JOIN settlement_lines l ON l.payment_id = p.id AND l.kind = 'capture' AND l.operation_id IS NOT NULL
    WHERE p.reconciled IS NOT NULL AND p.reconciled IS DISTINCT FROM l.amount
      OR p.reconciled IS NULL AND l.posted_at IS NOT NULL
    LIMIT 50`,
  tell: ({ payment, currency, reconciled, said }) =>
    `${shown('payment', payment)} was settled for ${amountOf(reconciled, currency)}, and its line says ` +
    `${amountOf(said, currency)}.`,
});

function amountOf(amount: string | null, currency: string): string {
  return amount === null ? 'nothing' : money(amount, currency);
}

interface Lost extends Wrong {
  provider: string;
  kind: string;
  id: string;
}

const nothingIsLost = ofBooks<Lost>({
  id: 'I7g',
  says: 'What an acquirer had in its books when it wrote its last settlement file stands in a file that was taken in.',
  rest: true,
  find: ({ sql, books }) => sql<Lost[]>`
    SELECT b.payment, p.merchant_id AS merchant, b.provider, b.kind, b.id
    FROM ${books} LEFT JOIN payments p ON p.id = b.payment
    WHERE b.kind IN ('capture', 'refund', 'chargeback')
      AND b.at <= (SELECT max(l.occurred_at) FROM settlement_lines l WHERE l.provider = b.provider)
      AND NOT EXISTS (SELECT FROM settlement_lines l WHERE l.provider = b.provider AND l.ref = b.id)
    LIMIT 50`,
  tell: ({ provider, kind, id }) => `The ${kind} ${id} of ${provider} stands in none of its settlement files.`,
});

export const settled = [heard, asSaid, nothingIsLost];
