import type { Entry, Evidence, OperationRow, PaymentRow, PostingRow } from './evidence.ts';

const unclosed = ['open', 'challenged', 'pending'];

/** Our books against the acquirer's, and each against what may be. */
export function booksAgree(payment: PaymentRow, evidence: Evidence): string[] {
  const operations = evidence.operations.filter((one) => one.payment_id === payment.id);
  const done = evidence.journal.filter((one) => one.payment === payment.id && one.done);
  const postings = evidence.postings.filter((one) => one.payment_id === payment.id);
  return [
    ...limits(payment, done),
    ...effects(operations, done),
    ...amounts(payment, done),
    ...ledger(payment, postings),
    ...operations
      .filter(({ status }) => unclosed.includes(status))
      .map(({ kind }) => `a ${kind} is left without an answer`),
  ];
}

/** No over-refund, no capture beside a void, nothing twice. */
function limits(payment: PaymentRow, done: readonly Entry[]): string[] {
  const ours = done.filter(({ key }) => key !== null);
  const sum = (kind: string) => total(ours.filter((one) => one.kind === kind));
  const count = (kind: string) => ours.filter((one) => one.kind === kind).length;
  const { amount, authorized, captured, refunded, refund_reserved: reserved, charged_back: chargedBack } = payment;
  return [
    ...when(
      sum('refund') > sum('capture'),
      `the acquirer gave back ${sum('refund')} of ${sum('capture')} that it captured`,
    ),
    ...when(count('capture') > 0 && count('void') > 0, 'the acquirer captured and voided'),
    ...when(count('authorize') > 1, `the acquirer authorized ${count('authorize')} times`),
    ...when(count('capture') > 1, `the acquirer captured ${count('capture')} times`),
    ...when(count('void') > 1, `the acquirer voided ${count('void')} times`),
    ...when(refunded + reserved > captured, `refunded ${refunded} and reserved ${reserved} of ${captured} captured`),
    ...when(chargedBack > captured, `charged back ${chargedBack} of ${captured} captured`),
    ...when(
      captured > authorized || authorized > amount,
      `captured ${captured} of ${authorized} authorized of ${amount}`,
    ),
  ];
}

/** Each effect there has one operation here that says so, and the other way round. */
function effects(operations: readonly OperationRow[], done: readonly Entry[]): string[] {
  const moved = done.filter(({ kind }) => kind !== 'chargeback');
  const told = operations.filter(({ kind, status }) => status === 'accepted' && kind !== 'cancel');
  const means = (operation: OperationRow, entry: Entry) =>
    entry.key === null
      ? operation.is_foreign && operation.provider_ref === entry.ref
      : entry.key === `${operation.id}-${operation.step}` && operation.provider_ref === entry.ref;
  return [
    ...moved.flatMap((entry) => {
      const by = told.filter((operation) => means(operation, entry)).length;
      return when(by !== 1, `a ${entry.kind} of ${entry.amount} at the acquirer is on record ${by} times`);
    }),
    ...told.flatMap((operation) =>
      when(!moved.some((entry) => means(operation, entry)), `a ${operation.kind} is on record that never was`),
    ),
  ];
}

/** What was captured, given back and taken back there is what it is here; what goes beyond the capture is stray. */
function amounts(payment: PaymentRow, done: readonly Entry[]): string[] {
  const there = (kind: string) => total(done.filter((one) => one.kind === kind));
  const back = payment.refunded + payment.charged_back + payment.stray;
  const backThere = there('refund') + there('chargeback');
  return [
    ...when(payment.captured !== there('capture'), `captured ${payment.captured} here, ${there('capture')} there`),
    ...when(back !== backThere, `${back} went back or astray here, ${backThere} there`),
    ...when(payment.refund_reserved !== 0n, `${payment.refund_reserved} stays reserved`),
    ...when(payment.state === 'voided' && there('void') === 0n, 'voided here, held there'),
  ];
}

/** The ledger says what the payment says. */
function ledger({ state, authorized, captured, refunded }: PaymentRow, postings: readonly PostingRow[]): string[] {
  const of = (kind: string) => total(postings.filter((one) => one.kind === kind));
  const released = captured > 0n || state === 'voided' ? authorized : 0n;
  return [
    ...when(of('authorization') !== authorized, `posted ${of('authorization')} as authorized of ${authorized}`),
    ...when(of('release') !== released, `posted ${of('release')} as released of ${released}`),
    ...when(of('capture') !== captured, `posted ${of('capture')} as captured of ${captured}`),
    ...when(of('refund') - of('refund_undone') !== refunded, `posted ${of('refund')} as refunded of ${refunded}`),
  ];
}

function total(rows: readonly { amount: bigint }[]): bigint {
  return rows.reduce((sum, { amount }) => sum + amount, 0n);
}

function when(broken: boolean, words: string): string[] {
  return broken ? [words] : [];
}
