/** The list's filters as its address holds them; `state` may stand there several times. */
export interface Filters {
  state?: string[];
  currency?: string;
  min?: string;
  max?: string;
  from?: string;
  to?: string;
  provider?: string;
  last4?: string;
  q?: string;
}

const single = ['currency', 'min', 'max', 'from', 'to', 'provider', 'last4', 'q'] as const;

type Search = Record<string, string | string[] | undefined>;

/** What an address asks for. Empty fields of a form ask for nothing; nothing is judged here. */
export function readFilters(search: Search): Filters {
  const filters: Filters = {};
  const states = [search.state ?? []].flat().filter(Boolean);
  if (states.length > 0) filters.state = states;
  for (const name of single) {
    const value = [search[name] ?? []].flat()[0];
    if (value) filters[name] = value;
  }
  return filters;
}

/** The list's address with these filters, from its first page, or after `after`. */
export function addressOf(filters: Filters, after?: string): string {
  const query = new URLSearchParams((filters.state ?? []).map((state) => ['state', state]));
  for (const name of single) {
    const value = filters[name];
    if (value) query.set(name, value);
  }
  if (after) query.set('after', after);
  return query.size > 0 ? `/admin/payments?${query}` : '/admin/payments';
}

/** The same filters without some of them. */
export function without(filters: Filters, names: (keyof Filters)[]): Filters {
  return Object.fromEntries(Object.entries(filters).filter(([name]) => !names.some((gone) => gone === name)));
}
