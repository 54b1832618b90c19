import { invalidRequest } from '../errors.ts';
import type { List } from './wire.ts';

export interface PageWanted {
  limit?: number | undefined;
  starting_after?: string | undefined;
  ending_before?: string | undefined;
}

/** A page of a list that is short enough to be held whole. The cursors name an element that is not part of the page. */
export function pageOf<T extends { id: string }>(url: string, all: T[], wanted: PageWanted): List<T> {
  const { limit = 10, starting_after: after, ending_before: before } = wanted;
  if (before !== undefined) {
    const end = place(all, before, 'ending_before');
    const start = Math.max(0, end - limit);
    return { object: 'list', url, has_more: start > 0, data: all.slice(start, end) };
  }
  const start = after === undefined ? 0 : place(all, after, 'starting_after') + 1;
  return { object: 'list', url, has_more: start + limit < all.length, data: all.slice(start, start + limit) };
}

function place(all: { id: string }[], id: string, param: string): number {
  const index = all.findIndex((element) => element.id === id);
  if (index >= 0) return index;
  throw invalidRequest(400, `No such object: '${id.slice(0, 60)}'`, { code: 'resource_missing', param });
}
