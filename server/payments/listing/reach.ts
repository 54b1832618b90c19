/** Ids of payments that fit, newest first, and how far the list was looked through for them. */
export interface Reach {
  ids: string[];
  /** Of the payments that follow this one nothing is known. Null where there are none, or enough were found. */
  lookedTo: string | null;
}

/** What a search comes to. */
export interface Found extends Reach {
  /** More ids end in the text than are looked at: payments that have only such an id are left out. */
  endsLeftOut: boolean;
}

/** Where in a merchant's list to look: ids from `from` on, and below `below`. */
export interface Stretch {
  merchantId: string;
  from: string;
  below: string;
}

/** What is looked at for one page, at most: each is some milliseconds. What is rarer takes another page to find. */
export interface Depths {
  /** Rows, one after the other. */
  rows: number;
  /** Entries of the index by facets. */
  entries: number;
  /** Payments of an amount that are all looked at. Where there are more, they are met often in the list. */
  few: number;
  /** Texts, one after the other: a few first, as what is common is found at once. */
  glance: number;
  texts: number;
  /** Texts with the rare parts of a fragment that are all looked at. */
  lookedUp: number;
  /** Texts of the sample, which has one payment of 1,024, and of the older ones one of 4,096. */
  sample: number;
  /** Payments of the sample, by the thousand, that have the rarest part of a rare fragment, at most. */
  sampled: number;
}

export const usual: Depths = {
  rows: 3_000,
  entries: 4_000,
  few: 3_000,
  glance: 2_000,
  texts: 20_000,
  lookedUp: 8_000,
  sample: 3_000,
  sampled: 8,
};

export const nothing: Reach = { ids: [], lookedTo: null };

/** What several looks at the same stretch come to: below where one of them ended, what the others found is not all. */
export function together(reaches: readonly Reach[], wanted: number): Reach {
  const ends = reaches.flatMap(({ lookedTo }) => (lookedTo === null ? [] : [lookedTo]));
  const lookedTo = ends.sort().at(-1) ?? null;
  const found = [...new Set(reaches.flatMap(({ ids }) => ids))].sort().reverse();
  const ids = found.filter((id) => lookedTo === null || id >= lookedTo).slice(0, wanted);
  return { ids, lookedTo: ids.length < wanted ? lookedTo : null };
}

/** Id and time of a payment are made in the same breath; a clock that is put right in between has this much. */
const apart = 1_000;
const most = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const lastMoment = 2 ** 48 - 1;

/** Of ids made between two times, and of those after which a page begins. */
export function stretchOf(
  merchantId: string,
  { createdFrom, createdTo, after }: { createdFrom?: Date; createdTo?: Date; after?: string },
): Stretch {
  const from = idAt(createdFrom === undefined ? 0 : createdFrom.getTime() - apart);
  const end = createdTo === undefined ? most : idAt(createdTo.getTime() + apart + 1);
  return { merchantId, from, below: after !== undefined && after < end ? after : end };
}

/** The time in an id: RFC 9562, section 5.7. */
export function timeOf(id: string): Date {
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
}

/** The least id of a time. */
export function idAt(milliseconds: number): string {
  const hex = Math.trunc(Math.min(Math.max(milliseconds, 0), lastMoment))
    .toString(16)
    .padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
