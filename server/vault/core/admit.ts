import { type Door, doorOf } from './kinds.ts';
import type { NotSentCode, Parcel } from './parcel.ts';
import { findPlaceholders } from './placeholders.ts';
import type { Provider } from './providers.ts';
import { isFlat } from './request.ts';

/** Why nothing has left. */
export class NotSent extends Error {
  override name = 'NotSent';
  readonly code: NotSentCode;

  constructor(code: NotSentCode, message: string) {
    super(message);
    this.code = code;
  }
}

export interface Admitted {
  provider: Provider;
  /** The body asks for the verification code. */
  wantsCode: boolean;
}

/**
 * Whether a parcel is one that may leave at all: a known provider, a listed request, placeholders only where its kind
 * wants them (anywhere else a card number would come back to us, or go to somebody else), and no other amount than the
 * token is going to be checked for.
 *
 * @throws NotSent
 */
export function admit(parcel: Parcel, providers: ReadonlyMap<string, Provider>): Admitted {
  const provider = providers.get(parcel.provider);
  if (!provider) throw new NotSent('provider_unknown', 'This provider is not on the allow-list.');
  const door = doorOf(provider.kind, parcel);
  if (!door || (parcel.method === 'GET' && parcel.body)) {
    throw new NotSent('not_allow_listed', 'This request is not on the allow-list of its kind of provider.');
  }
  if (provider.kind.encoding === 'form' && !isFlat(parcel.body ?? {})) {
    throw new NotSent('not_allow_listed', 'This provider is written to in forms, which are flat.');
  }
  const asked = findPlaceholders(parcel.body ?? null);
  for (const [pointer, what] of asked) {
    if (!what || door.fills?.[pointer] !== what) {
      throw new NotSent('placeholder_refused', 'Card data is asked for at a place where this request has none.');
    }
  }
  if (parcel.token === undefined) {
    if (asked.size > 0) throw new NotSent('token_unusable', 'Card data is asked for without a token.');
  } else {
    if (asked.size === 0) throw new NotSent('placeholder_refused', 'A token comes with a request that takes no card.');
    requireSameCharge(parcel, door);
  }
  return { provider, wantsCode: [...asked.values()].includes('{{card.cvc}}') };
}

/** The token's limit is worth nothing if the provider is told another amount than the one that was checked. */
function requireSameCharge({ body = {}, amount, currency }: Parcel, { charges }: Door): void {
  const units = charges?.hundredths?.includes(currency) ? amount * 100n : amount;
  const same =
    charges &&
    String(body[charges.amount]) === String(units) &&
    String(body[charges.currency]).toUpperCase() === currency;
  if (!same) throw new NotSent('token_unusable', 'The request names another amount or currency than the parcel.');
}
