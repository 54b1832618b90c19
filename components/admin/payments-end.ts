import { exact } from '../ui/time.ts';
import { addressOf, type Filters } from './filter-address.ts';

/** Where looking for a page of payments stopped. */
export interface LookEnd {
  /** Where the search stopped before the page was full: older payments may fit, too. */
  searchedTo: Date | null;
  /** More ids end in what was searched for than are looked at: payments that have only such an id are left out. */
  endsLeftOut: boolean;
}

interface Asked extends LookEnd {
  filters: Filters;
  /** The page begins here, not with the newest. */
  after: string | undefined;
  /** The address of the next page. */
  older: string | undefined;
}

/** What a page without a row says, and the ways on. */
interface Ending {
  title: string;
  says: string;
  ways: { href: string; label: string }[];
}

/** What is not on the page although it may fit; nothing where all there is was looked at. */
export function leftOut({ searchedTo, endsLeftOut }: LookEnd): string {
  return [
    searchedTo && `Searched back to ${exact(searchedTo)}. Older ones may match, too.`,
    endsLeftOut && 'More ids end like this than can be looked through: type more of the id.',
  ]
    .filter(Boolean)
    .join(' ');
}

/** Why there is nothing to list: what fits is on earlier pages, or nothing does so far, or at all, or nobody paid. */
export function endingOf({ filters, after, older, ...end }: Asked): Ending {
  const isFiltered = Object.keys(filters).length > 0;
  const newest = after ? [{ href: addressOf(filters), label: 'Newest' }] : [];
  if (end.searchedTo && older) {
    return {
      title: after ? 'No further match so far' : 'No match so far',
      says: `${leftOut(end)} Search further, or choose a date.`,
      ways: [{ href: older, label: 'Search further' }, ...newest],
    };
  }
  if (after) {
    const title = isFiltered ? 'No further matches' : 'No further payments';
    return { title, says: `This is the end of the list. ${leftOut(end)}`.trim(), ways: newest };
  }
  if (!isFiltered) {
    return {
      title: 'No payments yet',
      says:
        'Every payment appears here as soon as a shopper starts it. Make the first one in the demo shop with a test ' +
        'card.',
      ways: [{ href: '/shop', label: 'Open the demo shop' }],
    };
  }
  const clear = [{ href: '/admin/payments', label: 'Clear filters' }];
  if (end.endsLeftOut) {
    return { title: 'Too many ids end like this', says: 'Nothing else matches: type more of the id.', ways: clear };
  }
  return {
    title: 'No payment matches',
    says:
      'Search finds references, email addresses and parts of them, whole ids, and ids by their last six characters ' +
      'or more. Take a filter away to see more.',
    ways: clear,
  };
}
