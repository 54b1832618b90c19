/** What our return page tells the checkout that frames it. */
export interface Returned {
  florin: 'returned';
  /** The name that the checkout gave to its frame: the answer belongs to this challenge. */
  nonce: string;
}

const place = 'florin.checkout';

/**
 * Remembers, in this tab alone, which checkout its shopper leaves for their bank: the address that the bank returns to
 * names the session without the secret that opens it.
 */
export function rememberCheckout(session: string): void {
  try {
    sessionStorage.setItem(place, session);
  } catch {
    // A browser that stores nothing: the return page then says where to go on.
  }
}

/** The path of the checkout that this tab came from, where it is the one that `shownId` names. */
export function checkoutOf(shownId: string): string | undefined {
  try {
    const session = sessionStorage.getItem(place);
    return session?.startsWith(shownId) ? `/checkout/${session}?returned` : undefined;
  } catch {
    return undefined;
  }
}

export function isReturned(data: unknown, nonce: string): data is Returned {
  return (
    typeof data === 'object' &&
    data !== null &&
    (data as Returned).florin === 'returned' &&
    (data as Returned).nonce === nonce
  );
}
