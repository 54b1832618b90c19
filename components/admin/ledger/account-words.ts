import type { Account } from '#server/ledger/postings.ts';

/** What an account holds, in a few words and in a sentence. Forget one and it does not compile. */
export const accountWords = {
  receivable: { name: 'Receivable', holds: 'What the provider owes us.' },
  payouts: { name: 'Payouts', holds: 'What the provider says that it pays out.' },
  merchant_payable: { name: 'Payable', holds: 'What belongs to the merchant.' },
  fees: { name: 'Fees', holds: 'What the provider keeps.' },
  refunds: { name: 'Refunds', holds: 'What was given back and is not set against what belongs to the merchant.' },
  disputes: { name: 'Disputes', holds: 'What banks have taken back for cardholders.' },
  reserves: { name: 'Reserves', holds: 'What the provider withholds for a while.' },
  clearing: { name: 'Clearing', holds: 'What nobody can explain yet.' },
  authorizations: { name: 'Authorizations', holds: 'What issuers have set aside.' },
  authorization_holds: { name: 'Holds', holds: 'The counterpart of authorizations.' },
} as const satisfies Record<Account, { name: string; holds: string }>;

export const accountOrder = Object.keys(accountWords) as Account[];
