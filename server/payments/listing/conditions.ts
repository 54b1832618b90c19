import type { RawSql } from '#db/client.ts';
import type { PaymentFilter } from '../view.ts';

/** What is asked of a row of the list, as conditions on `row`; what is searched for is not among them. */
export function fits(sql: RawSql, filter: PaymentFilter) {
  const { states, currency, provider, amountFrom, amountTo, createdFrom, createdTo, last4 } = filter;
  return sql`true
    ${states && states.length > 0 ? sql`AND row.state IN ${sql(states)}` : sql``}
    ${currency ? sql`AND row.currency = ${currency}` : sql``}
    ${provider ? sql`AND row.provider = ${provider}` : sql``}
    ${amountFrom === undefined ? sql`` : sql`AND row.amount >= ${amountFrom}`}
    ${amountTo === undefined ? sql`` : sql`AND row.amount <= ${amountTo}`}
    ${createdFrom ? sql`AND row.created_at >= ${createdFrom}` : sql``}
    ${createdTo ? sql`AND row.created_at <= ${createdTo}` : sql``}
    ${last4 ? sql`AND row.card_last4 = ${last4}` : sql``}`;
}

/** Amounts at or between two, of the filter. */
export function amounts({ amountFrom, amountTo }: PaymentFilter): [bigint, bigint] {
  return [amountFrom ?? 0n, amountTo ?? 2n ** 63n - 1n];
}
