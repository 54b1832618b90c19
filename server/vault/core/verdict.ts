/**
 * What an answer means for the verification code. `approved`, `declined`: the last word on this card. `troubled`:
 * trouble on the way, so that another provider may be asked. `challenged`: the bank asks the cardholder. `open`:
 * nothing is decided.
 */
export type Verdict = 'approved' | 'declined' | 'troubled' | 'challenged' | 'open';

/**
 * Words for trouble on the way to the issuer. `server/providers` has them too, which this room does not see: a test
 * holds one against the other. Any other word is a "no" for good, also one that nobody knows yet: then nothing is kept.
 */
const trouble = {
  sandbox: ['issuer_error', 'N96'],
  stripe: ['processing_error', 'issuer_not_available', 'reenter_transaction', 'try_again_later'],
} as const;

export function sandboxVerdict(status: number, body: unknown): Verdict {
  const { kind, status: said, code } = asRecord(body);
  // It blocks a key, and says nothing of a card.
  if (kind === 'tombstone') return 'open';
  if ((status === 200 || status === 201) && said === 'approved') return 'approved';
  if (status === 202 && said === 'challenged') return 'challenged';
  // An inquiry is answered with 200, whatever it tells.
  const refused = said === 'declined' ? [402, 200] : said === 'refused' ? [422, 200] : [];
  if (refused.includes(status)) return refusal('sandbox', code);
  // The request was not understood, which says nothing of the card.
  return status === 400 ? 'troubled' : 'open';
}

export function stripeVerdict(status: number, body: unknown): Verdict {
  const { object, status: said, error, last_payment_error: failure } = asRecord(body);
  if (status === 200 && object === 'payment_intent') return intentVerdict(said, failure);
  const { type } = asRecord(error);
  const word = wordOf(error);
  if (type === 'card_error') return refusal('stripe', word);
  if (status !== 400 || type !== 'invalid_request_error') return 'open';
  // Without a word of its own, or with one about a parameter, the request is at fault and not the card.
  return word === undefined || word.startsWith('parameter_') ? 'troubled' : refusal('stripe', word);
}

function intentVerdict(said: unknown, failure: unknown): Verdict {
  if (said === 'requires_capture' || said === 'processing' || said === 'succeeded') return 'approved';
  if (said === 'requires_action') return 'challenged';
  const ended = said === 'canceled' || (said === 'requires_payment_method' && failure);
  return ended ? refusal('stripe', wordOf(failure)) : 'open';
}

function wordOf(failure: unknown): string | undefined {
  const { decline_code, code } = asRecord(failure);
  return [decline_code, code].find((word) => typeof word === 'string');
}

function refusal(kind: keyof typeof trouble, word: unknown): Verdict {
  const words: readonly unknown[] = trouble[kind];
  return words.includes(word) ? 'troubled' : 'declined';
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
