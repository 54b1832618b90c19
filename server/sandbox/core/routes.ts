import type { Ask } from './acquirer.ts';
import { decideAuthorize, decideCapture, decideRefund, decideVoid, decideVoidByKey } from './decide.ts';
import { type Body, readAmount, readAuthorize } from './input.ts';
import type { AskKind } from './levers.ts';

/** An operation's door: what it is called by levers and metrics, and how its request is read. */
interface Route {
  /** Segments of the path; `*` stands for the identifier. */
  path: readonly string[];
  kind: Exclude<AskKind, 'inquire' | 'chargeback'>;
  read: (asked: { key: string; id: string; body: Body }) => Ask;
}

const routes: readonly Route[] = [
  {
    path: ['authorizations'],
    kind: 'authorize',
    read({ key, body }) {
      const fields = readAuthorize(body);
      const { amount, currency, reference, card, returnUrl } = fields;
      // Without the verification code: it must not outlive the authorisation, in no form (PCI DSS 4.0.1, 3.3.1).
      const { number, expMonth, expYear } = card;
      const facts = [amount, currency, reference, number, expMonth, expYear, ...(returnUrl ? [returnUrl] : [])];
      const last4 = number.slice(-4);
      return { key, kind: 'authorization', facts, last4, decide: (...at) => decideAuthorize(...at, fields) };
    },
  },
  {
    path: ['authorizations', '*', 'captures'],
    kind: 'capture',
    read({ key, id, body }) {
      const amount = readAmount(body);
      return { key, kind: 'capture', facts: [id, amount], decide: (...at) => decideCapture(...at, { id, amount }) };
    },
  },
  {
    path: ['authorizations', '*', 'voids'],
    kind: 'void',
    read: ({ key, id }) => ({ key, kind: 'void', facts: [id], decide: (...at) => decideVoid(...at, { id }) }),
  },
  {
    path: ['operations', '*', 'voids'],
    kind: 'cancel',
    read: ({ key, id }) => ({
      key,
      kind: 'void',
      facts: ['operation', id],
      decide: (...at) => decideVoidByKey(...at, { key: id }),
    }),
  },
  {
    path: ['captures', '*', 'refunds'],
    kind: 'refund',
    read({ key, id, body }) {
      const amount = readAmount(body);
      return { key, kind: 'refund', facts: [id, amount], decide: (...at) => decideRefund(...at, { id, amount }) };
    },
  },
];

/** The route of a POST, and the identifier in its path. */
export function routeOf(segments: readonly string[]): { route: Route; id: string } | undefined {
  const route = routes.find(
    ({ path }) => path.length === segments.length && path.every((part, at) => part === '*' || part === segments[at]),
  );
  return route && { route, id: segments[1] ?? '' };
}
