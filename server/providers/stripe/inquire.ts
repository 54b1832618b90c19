import { invariant } from '#server/kernel/invariant.ts';
import type { Ask, Order, ProviderAnswer } from '../contract.ts';
import type { Outcome } from '../outcome.ts';
import { concerning, exchangeOf, unknown, unreadable } from './answer.ts';
import { written } from './client.ts';
import { refused } from './errors.ts';
import { authorizationOf, captureOf, type Reading, voidOf } from './intent.ts';
import { type Intent, intentForm, listForm, namedForm, refundForm } from './objects.ts';
import { refundOutcome } from './refund-outcome.ts';

/** Milliseconds that a request may still be under way: Stripe's own client waits 80 s for an answer. */
export const maxInFlight = 90_000;
/** Milliseconds after the opening of its operation in which an authorisation leaves, the last repetition with it. */
const leaves = 150_000;
/** Milliseconds by which Stripe's clock and ours may differ. */
const skew = 10_000;
/** Pages of a hundred that are read for one authorisation. */
const pagesAtMost = 20;

/**
 * Looks up what became of an order. Stripe finds nothing by idempotency key, and its search sees what has happened only
 * later; but what hangs on a known payment, and a list, are read as they are. An intent of ours names its operation.
 *
 * @see https://docs.stripe.com/search#data-freshness
 */
export function inquire(order: Order): Ask {
  switch (order.kind) {
    case 'authorize':
      return order.authorizationRef ? known(order, order.authorizationRef, authorizationOf) : byTime(order);
    case 'capture':
      return known(order, ref(order), captureOf);
    case 'void':
    case 'cancel':
      return known(order, ref(order), voidOf);
    case 'refund':
      return ofCharge(order);
  }
}

function ref({ authorizationRef }: Order): string {
  invariant(authorizationRef, 'an inquiry about a captured or released authorisation names it');
  return authorizationRef;
}

/** What the intent says of this order. */
function known(order: Order, id: string, reading: Reading): Ask {
  return {
    request: written((stripe, options) =>
      stripe.paymentIntents.retrieve(id, { expand: ['latest_charge.balance_transaction'] }, options),
    ),
    read(answer) {
      const told = intentForm.safeParse(answer.body);
      const exchange = exchangeOf(answer);
      if (!told.success || answer.status !== 200) return unreadable(answer, exchange);
      if (order.kind === 'capture' && told.data.status === 'succeeded' && !names(told.data, 'florin_capture', order)) {
        return refused({ code: 'payment_intent_unexpected_state', message: 'Another request captured it.' }, exchange);
      }
      return concerning(order, reading(told.data, exchange), { authorization: told.data.id });
    },
  };
}

/**
 * An authorisation, among the intents of its time; its operation's id says when that was. The newest come first, so
 * that an early question has no more to read than what was made since.
 */
function byTime(order: Order, page = 1, starting_after?: string): Ask {
  const opened = Number.parseInt(order.operation.replaceAll('-', '').slice(0, 12), 16);
  const created = {
    gte: Math.floor((opened - skew) / 1000),
    lte: Math.ceil((opened + leaves + maxInFlight + skew) / 1000),
  };
  const after = starting_after === undefined ? {} : { starting_after };
  const ours = (answer: ProviderAnswer) => (item: unknown) => {
    const told = intentForm.safeParse(item);
    if (!told.success || !names(told.data, 'florin_key', order)) return undefined;
    return concerning(order, authorizationOf(told.data, exchangeOf(answer, item)), {});
  };
  return {
    request: written((stripe, options) => stripe.paymentIntents.list({ created, limit: 100, ...after }, options)),
    read: (answer) => inList(answer, ours(answer)),
    onward(answer) {
      const last = page < pagesAtMost ? lastOf(answer, ours(answer)) : undefined;
      return last === undefined ? undefined : byTime(order, page + 1, last);
    },
  };
}

function ofCharge(order: Order): Ask {
  const { captureRef } = order;
  invariant(captureRef, 'an inquiry about a refund names its capture');
  return {
    request: written((stripe, options) => stripe.refunds.list({ charge: captureRef, limit: 100 }, options)),
    read: (answer) =>
      inList(answer, (item) => {
        const told = refundForm.safeParse(item);
        if (!told.success || !names(told.data, 'florin_key', order)) return undefined;
        const exchange = exchangeOf(answer, item);
        return concerning(order, refundOutcome(told.data, exchange), { capture: told.data.charge });
      }),
  };
}

/** After what the list goes on; undefined where it ends here, or ours is in it, however it reads. */
function lastOf({ status, body }: ProviderAnswer, ours: (item: unknown) => Outcome | undefined): string | undefined {
  const told = listForm.safeParse(body);
  if (!told.success || status !== 200 || !told.data.has_more || told.data.data.some(ours)) return undefined;
  return namedForm.safeParse(told.data.data.at(-1)).data?.id;
}

/** The first that is ours. Where more was to be listed than fits, that there is none says nothing. */
function inList(answer: ProviderAnswer, read: (item: unknown) => Outcome | undefined): Outcome {
  const told = listForm.safeParse(answer.body);
  const exchange = exchangeOf(answer);
  if (!told.success || answer.status !== 200) return unreadable(answer, exchange);
  for (const item of told.data.data) {
    const outcome = read(item);
    if (outcome) return outcome;
  }
  return told.data.has_more
    ? unknown('there were more in its time than is listed', exchange)
    : { kind: 'absent', exchange };
}

/** Whether something carries the order's mark. Going on after a challenge is another step of the same operation. */
function names({ metadata }: Pick<Intent, 'metadata'>, mark: string, { operation }: Order): boolean {
  return metadata[mark]?.startsWith(`${operation}-`) ?? false;
}
