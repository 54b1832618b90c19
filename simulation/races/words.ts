/** What a statement does, by something that stands in it. Tried from above. */
const known: readonly [RegExp, string][] = [
  [/UPDATE payments p SET/, 'moves the payment'],
  [/THEN 'skipped'/, 'looks why a change was not made'],
  [/born AS \(/, 'bears a payment'],
  [/WITH which AS/, 'reads the payment'],
  [/UPDATE operations SET asked_at .* payment_id =/, 'claims the questions about this payment'],
  [/UPDATE operations SET asked_at/, 'claims questions that are due'],
  [/UPDATE operations SET ask_at/, 'puts a question forward'],
  [/SELECT payment_id, merchant_id FROM operations WHERE id/, 'looks up whose operation is told of'],
  [/SELECT payment_id, merchant_id FROM operations WHERE kind/, 'looks up whose capture is told of'],
  [/FROM operations o WHERE o.status IN/, 'looks for what has had no answer for too long'],
  [/FROM events WHERE payment_id = .* 'chargeback'/, 'looks whether the chargeback is known'],
  [/FROM idempotency_keys WHERE/, 'recalls the key'],
  [/UPDATE idempotency_keys SET status/, "stores the key's answer"],
  [/UPDATE idempotency_keys SET request/, 'lets the key go'],
  [/FROM risk_rules/, 'reads the rules of risk'],
  [/FROM routing_rules/, 'reads the rules of routing'],
  [/FROM event_cursors WHERE consumer = .* FOR UPDATE/, 'takes the cursor'],
  [/FROM event_cursors WHERE/, 'reads the cursor'],
  [/UPDATE event_cursors/, 'moves the cursor'],
  [/INSERT INTO event_cursors/, 'makes the cursor'],
  [/SELECT 1 FROM events e WHERE/, 'looks whether there are news'],
  [/FROM events e WHERE/, 'reads the log'],
  [/SELECT .* FROM parked_events/, 'looks what is parked'],
  [/INSERT INTO parked_events/, 'parks'],
  [/INSERT INTO seen/, 'writes down what it saw'],
];

/** A statement that is written once is one object, however often it is asked. */
const told = new WeakMap<readonly string[], string>();

/** What a statement does, in words; its first ones where we know none. */
export function wordsOf(strings: readonly string[] = []): string {
  const before = told.get(strings);
  if (before !== undefined) return before;
  const text = strings.join('$').replaceAll(/\s+/g, ' ').trim();
  const words = known.find(([pattern]) => pattern.test(text))?.[1] ?? text.slice(0, 60);
  told.set(strings, words);
  return words;
}
