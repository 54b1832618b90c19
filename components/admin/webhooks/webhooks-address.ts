/** The list's filters as its address holds them. */
export interface WebhookFilters {
  verdict?: string;
  provider?: string;
  reason?: string;
}

const names = ['verdict', 'provider', 'reason'] as const;

/** What an address asks for; nothing is judged here. */
export function readWebhookFilters(search: Record<string, string | string[] | undefined>): WebhookFilters {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = [search[name] ?? []].flat()[0];
      return value ? [[name, value]] : [];
    }),
  );
}

/** The list's address with these filters, from its first page, or after `after`. */
export function webhooksAddress(filters: WebhookFilters, after?: string): string {
  const query = new URLSearchParams({ ...filters, ...(after ? { after } : {}) });
  return query.size > 0 ? `/admin/webhooks?${query}` : '/admin/webhooks';
}
