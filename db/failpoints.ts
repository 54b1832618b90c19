/**
 * Every transaction of the rooms by its label, and what it commits. A test reads the sources and holds this list to
 * them: what is not listed is no transaction, and what is listed is one place in one room.
 */
const commits = {
  'alerts.acknowledge': 'A person has seen an alert.',
  'alerts.claim': 'A worker has taken due messages to send them.',
  'alerts.raise': 'An alert is open, and its messages are due.',
  'alerts.receiver-add': 'A receiver of alerts is on the list.',
  'alerts.receiver-remove': 'A receiver of alerts is off the list.',
  'alerts.resolve': 'What an alert was about is over.',
  'alerts.settle': 'A message was sent, or is tried again, or given up.',
  'checkout.attempt': 'A shopper has pressed "pay": the session bears an intent from now on.',
  'checkout.close': 'A session is closed, and the order of what was not paid has ended.',
  'checkout.compensate-answer': 'An order knows what became of giving its money back.',
  'checkout.compensate-claim': 'A worker has taken an order whose money is to be given back.',
  'checkout.create': 'A session and its order are born, under the key of whoever asked.',
  'checkout.fulfil-answer': 'An order knows what its warehouse said.',
  'checkout.fulfil-claim': 'A worker has taken an order that is to be sent.',
  'checkout.order-alerted': 'An order remembers whether people were told that it is stuck.',
  'checkout.order-retry': 'A person has asked for another attempt at a stuck order.',
  'events.consume': 'A consumer has dealt with events, and its cursor stands behind them.',
  'events.new-consumer': 'A consumer has a cursor, at the beginning of the log.',
  'events.park': 'An event whose effect failed is parked, and the cursor stands behind it.',
  'events.rebuild-begun': 'Empty tables stand ready for a read model that is made again.',
  'events.rebuild-done': 'The tables that were made again are the ones that are read.',
  'events.retry': 'A parked event has gone through.',
  'events.retry-asked': 'A person has asked for a parked event to be tried at once.',
  'events.retry-failed': 'A parked event has failed again, and waits longer or is given up.',
  'idempotency.answer': 'The answer to a key is stored.',
  'idempotency.prune': 'Old keys are forgotten.',
  'idempotency.release': 'Nobody is at work on the answer to a key any more.',
  'ledger.snapshot': 'The balances of all accounts at the end of a day are on record.',
  'payments.ask': 'A payment is about to be asked about, because somebody wants to know.',
  'payments.ask-at': 'The next question about an operation has its time.',
  'payments.ask-soon': 'An operation is asked about next, for somebody contradicts it.',
  'payments.commit': 'A batch of changes: payments, operations, events, postings and claimed keys.',
  'payments.sweep': 'A worker has taken operations that are due for a question.',
  'reconciliation.assign': 'A difference has somebody who looks after it, or nobody any more.',
  'reconciliation.bank': 'Entries of a bank statement know their payouts, and what differs is on record.',
  'reconciliation.claim': 'A worker has a file to itself for a while.',
  'reconciliation.confirm': 'Two people have ended a difference.',
  'reconciliation.discard-parts': 'What was stored of a file that is none is gone.',
  'reconciliation.drop-parts': 'Parts that somebody left who died are gone.',
  'reconciliation.foreign': 'Refunds that were made at the provider are no riddle any more.',
  'reconciliation.leave': 'Lines that no rule has found are on record as differences.',
  'reconciliation.match': 'Lines of a file know their operations, and what differs is on record.',
  'reconciliation.matched': 'A file is matched, and its run is in the history.',
  'reconciliation.missing': 'Operations that no file has named in time are on record as differences.',
  'reconciliation.note': 'Somebody has said something about a difference.',
  'reconciliation.post': 'Lines of a file are posted.',
  'reconciliation.posted': 'A file is posted.',
  'reconciliation.propose': 'A person wants a difference to end in a way that takes a second one.',
  'reconciliation.read': 'Lines of a file stand in their table, and what cannot be read in quarantine.',
  'reconciliation.release': "A file is anybody's again.",
  'reconciliation.renew': 'A worker that is still at it has a file to itself for longer.',
  'reconciliation.resolve': 'A difference is explained and over.',
  'reconciliation.statement': 'A bank statement is stored whole, with its entries.',
  'reconciliation.store': 'A settlement file is stored whole, with its hash.',
  'reconciliation.store-part': 'A part of a long settlement file is stored.',
  'reconciliation.withdraw': 'A proposal to end a difference is taken back.',
  'webhooks.prune': 'Old webhooks are forgotten.',
  'webhooks.receive': 'A genuine webhook is stored, before it is answered.',
  'webhooks.reject': 'A webhook that nobody will read is counted, and kept if it is evidence.',
  'webhooks.settle': 'What became of a webhook is on record.',
  'webhooks.take': 'A worker has taken webhooks that wait.',
} as const;

export type FailpointLabel = keyof typeof commits;

/** The label's transaction has not begun, has written everything and not committed, has committed. */
export const places = ['begin', 'before', 'after'] as const;

export type Place = (typeof places)[number];

/** As a test names a place: `payments.commit:before`. */
export type FailpointName = `${FailpointLabel}:${Place}`;

/** Stops or kills at named places. Only tests hand one in. */
export type Failpoint = (name: FailpointName) => Promise<void> | void;

/** The labels, in ASCII order. */
export const failpoints = Object.keys(commits) as readonly FailpointLabel[];

/** What the label's transaction commits, in a sentence. */
export function whatCommits(label: FailpointLabel): string {
  return commits[label];
}

/** Passes a place on the way; a promise where somebody may be held there. */
export type Passage = (label: FailpointLabel, place: Place) => Promise<void> | void;

/** Production's: it does nothing, waits for nothing and makes nothing. */
export const openPassage: Passage = () => {};

/** The one constant passage, unless somebody stands there. */
export function passageOf(failpoint?: Failpoint): Passage {
  return failpoint ? (label, place) => failpoint(`${label}:${place}`) : openPassage;
}
