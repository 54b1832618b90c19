import type { Composition } from '#server/composition/rooms.ts';
import { balances } from '#server/ledger/balances.ts';
import { entries } from '#server/ledger/entries.ts';
import { settlementReaderOf } from '#server/providers/settlement.ts';
import { takeInStatement } from '#server/reconciliation/bank/take-in-statement.ts';
import { takeIn } from '#server/reconciliation/intake/take-in.ts';
import { makeReconciliationPages } from '#server/reconciliation/questions/pages.ts';
import type { Ledger, Rooms, Uploads } from './rooms.ts';

/** The rooms behind the pages about the books: reconciliation and ledger. */
export function makeBooks(made: Composition): Pick<Rooms, 'reconciliationPages' | 'uploads' | 'ledger'> {
  return {
    reconciliationPages: makeReconciliationPages(made),
    uploads: makeUploads(made),
    ledger: makeLedger(made),
  };
}

function makeUploads(made: Composition): Uploads {
  return {
    providers: () => made.providers.names().filter((name) => settlementReaderOf(name)),
    settlement: (file) => takeIn(made, { ...file, source: 'uploaded' }),
    statement: (file) => takeInStatement(made, file),
  };
}

function makeLedger({ sql, clock }: Composition): Ledger {
  return {
    balances: ({ merchantId }, at) => balances(sql, { merchantId, at }),
    entries: ({ merchantId }, page) => entries(sql, { ...page, merchantId }, clock.now()),
  };
}
