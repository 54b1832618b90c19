import { ofBooks, type Wrong } from './invariant.ts';
import { clockSkew, inFlightFor } from './limits.ts';
import { money, shown } from './shown.ts';

interface Line extends Wrong {
  provider: string;
  kind: string;
  id: string;
  key: string;
  amount: string;
  currency: string;
}

const noOrphan = ofBooks<Line>({
  id: 'I6a',
  says: 'What moved money at an acquirer, unless by hand there, was asked for by an operation here.',
  rest: false,
  find: ({ sql, books }) => sql<Line[]>`
    SELECT b.payment, o.merchant_id AS merchant, b.provider, b.kind, b.id, b.key, b.amount::text, b.currency
    FROM ${books} LEFT JOIN operations o ON o.id = b.operation
    WHERE b.origin IS NULL AND b.kind <> 'chargeback'
      AND (o.id IS NULL OR o.provider <> b.provider OR o.payment_id IS DISTINCT FROM b.payment
        OR o.kind <> CASE b.kind WHEN 'authorization' THEN 'authorize' ELSE b.kind END
        OR o.amount <> b.amount OR o.currency <> b.currency)
    LIMIT 50`,
  tell: ({ provider, kind, id, key, amount, currency, payment }) =>
    `${provider} has the ${kind} ${id} of ${money(amount, currency)} under the key ${key}` +
    `${payment === null ? '' : ` for ${shown('payment', payment)}`}, and no operation here has asked for just that.`,
});

interface Operation extends Wrong {
  payment: string;
  provider: string;
  operation: string;
  kind: string;
  status: string;
  amount: string;
  currency: string;
  there: string | null;
  amountThere: string | null;
  currencyThere: string | null;
}

function told({ payment, provider, operation, kind, status, amount, currency, ...books }: Operation): string {
  const { there, amountThere, currencyThere } = books;
  const known = there === null ? 'knows nothing of it' : `has ${money(amountThere, currencyThere ?? '')} as ${there}`;
  return (
    `The ${kind} ${shown('operation', operation)} of ${shown('payment', payment)}, ${money(amount, currency)}, ` +
    `is ${status} here, and ${provider} ${known}.`
  );
}

/** Where two people found out what the acquirer would not tell, theirs is the word. */
const noPhantom = ofBooks<Operation>({
  id: 'I7c',
  says: 'What is accepted here is approved at its acquirer, with the same id, amount and currency.',
  rest: false,
  find: ({ sql, operations, books, providers, quiet }) => sql<Operation[]>`
    SELECT o.payment_id AS payment, o.merchant_id AS merchant, o.provider, o.id AS operation, o.kind, o.status,
      o.amount::text, o.currency, b.id AS there, b.amount::text AS "amountThere", b.currency AS "currencyThere"
    FROM ${operations}
    LEFT JOIN ${books} ON b.provider = o.provider
      AND CASE WHEN o.is_foreign THEN b.id = o.provider_ref ELSE b.operation = o.id END
    WHERE o.status = 'accepted' AND o.kind <> 'cancel' AND o.provider = ANY (${providers}::text[])
      AND o.closed_at < ${quiet}
      AND (b.id, b.amount, b.currency) IS DISTINCT FROM (o.provider_ref, o.amount, o.currency)
      AND NOT EXISTS (SELECT FROM escalations c WHERE c.payment_id = o.payment_id AND c.operation_id = o.id
        AND c.kind = 'unanswered' AND c.closed_how = 'confirmed')
    LIMIT 50`,
  tell: told,
});

// An acquirer that acts later than it promises cannot be waited for: what it does then is found by its settlement file.
// A void of what is voided anyhow changes nothing.
const noIsNo = ofBooks<Operation>({
  id: 'I7d',
  says: 'What we say was refused or never arrived did nothing at its acquirer, or is before people as stray.',
  rest: true,
  find: ({ sql, operations, books, quiet }) => sql<Operation[]>`
    SELECT o.payment_id AS payment, o.merchant_id AS merchant, o.provider, o.id AS operation, o.kind, o.status,
      o.amount::text, o.currency, b.id AS there, b.amount::text AS "amountThere", b.currency AS "currencyThere"
    FROM ${operations}
    JOIN payments p ON p.id = o.payment_id
    JOIN ${books} ON b.provider = o.provider AND b.operation = o.id
    WHERE o.status IN ('refused', 'absent') AND o.closed_at < ${quiet} AND NOT (o.kind = 'void' AND p.state = 'voided')
      AND b.at <= greatest(o.sent_at, o.send_before) + make_interval(secs => ${(inFlightFor + clockSkew) / 1000})
      AND NOT EXISTS (SELECT FROM escalations c WHERE c.payment_id = o.payment_id AND c.operation_id = o.id
        AND c.kind IN ('stray', 'unanswered') AND (c.kind = 'stray' OR c.closed_how = 'confirmed'))
    LIMIT 50`,
  tell: told,
});

export const books = [noOrphan, noPhantom, noIsNo];
