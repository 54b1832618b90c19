/** An account's postings: of one provider and currency, up to a day. */
export interface Which {
  account: string;
  provider?: string | undefined;
  currency?: string | undefined;
  day?: string | undefined;
  after?: string | undefined;
}

export function accountAddress({ account, ...rest }: Which): string {
  const query = new URLSearchParams(
    Object.entries(rest).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return query.size > 0 ? `/admin/ledger/${account}?${query}` : `/admin/ledger/${account}`;
}

/** The text where it is a day such as `2026-11-21`. */
export function dayIn(text: string | string[] | undefined): string | undefined {
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const midnight = new Date(`${text}T00:00:00Z`);
  return Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== text ? undefined : text;
}
