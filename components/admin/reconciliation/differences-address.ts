/** The queue's filters as its address holds them. */
export interface DifferenceFilters {
  kind?: string;
  provider?: string;
  state?: string;
  mine?: string;
  file?: string;
}

const names = ['kind', 'provider', 'state', 'mine', 'file'] as const;

/** What an address asks for; nothing is judged here. */
export function readDifferenceFilters(search: Record<string, string | string[] | undefined>): DifferenceFilters {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = [search[name] ?? []].flat()[0];
      return value ? [[name, value]] : [];
    }),
  );
}

/** The queue's address with these filters, from its start, or after `after`. */
export function differencesAddress(filters: DifferenceFilters, after?: string): string {
  const query = new URLSearchParams({ ...filters, ...(after ? { after } : {}) });
  return query.size > 0 ? `/admin/reconciliation/differences?${query}` : '/admin/reconciliation/differences';
}

/** The same filters with one set anew, or taken away. */
export function withFilter(
  filters: DifferenceFilters,
  name: keyof DifferenceFilters,
  value: string | undefined,
): DifferenceFilters {
  const { [name]: _, ...others } = filters;
  return value === undefined ? others : { ...others, [name]: value };
}
