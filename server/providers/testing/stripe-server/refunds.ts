import { type Fields, invalid } from './form.ts';
import type { Desk } from './intents.ts';
import type { Intent, Ledger, Refund } from './ledger.ts';

/** Gives back what was captured, in parts or as a whole. */
export function refund(fields: Fields, key: string, { ledger, tell }: Desk): Refund {
  fields.allow(['charge', 'amount', 'metadata']);
  const id = fields.required('charge');
  const intent = intentOf(ledger, id);
  const charge = intent?.latest_charge;
  if (!intent || !charge) throw invalid(`No such charge: '${id}'`, 'resource_missing', 'charge');
  const left = intent.amount_received - charge.refunded;
  if (!charge.captured) throw invalid('This charge has not been captured.');
  if (left === 0) throw invalid(`Charge ${id} has already been refunded.`, 'charge_already_refunded');
  const amount = fields.amount('amount') ?? left;
  if (amount > left) throw invalid(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`);
  charge.refunded += amount;
  const made: Refund = {
    object: 'refund',
    id: ledger.id('re'),
    amount,
    currency: intent.currency,
    charge: id,
    payment_intent: intent.id,
    status: 'succeeded',
    reason: null,
    metadata: fields.marks('metadata'),
  };
  ledger.refunds.push(made);
  ledger.write(intent, { kind: 'refund', id: made.id, key, amount });
  tell('refund.created', made, key);
  return made;
}

function intentOf({ intents }: Ledger, charge: string): Intent | undefined {
  return [...intents.values()].find(({ latest_charge }) => latest_charge?.id === charge);
}
