import {
  type NewPosting,
  postAuthorization,
  postCapture,
  postChargeback,
  postRefund,
  postRefundReturned,
  postRefundSettlement,
  postRefundUndone,
  postRelease,
  postSettlement,
} from './postings.ts';

/** An event as the replay reads it, from the log or from an exported copy of it. */
export interface LoggedRow {
  payment_id: string;
  seq: number;
  merchant_id: string;
  trigger: string;
  operation_id: string | null;
  /** Minor units, in digits. */
  amount: string | null;
  data: { fee?: string; returned?: boolean; books?: { provider: string; currency: string } };
  /** In ISO 8601. */
  at: string;
}

/** A posting but for its id; `reverses` says the seq and kind of what it takes back: `7.refund`. */
export interface BookRow {
  payment_id: string;
  seq: number;
  merchant_id: string;
  kind: string;
  debit: string;
  credit: string;
  amount: string;
  currency: string;
  provider: string;
  at: string;
  reverses: string | null;
}

/** The postings of one payment in the order of its events. */
export interface Book {
  paymentId: string;
  rows: BookRow[];
  /** The first event that does not say in whose books it belongs: it is older than what this replay needs. */
  untold?: number;
}

/** What has to be remembered of a payment from one event to the next. */
interface Memory {
  authorized: bigint;
  captured: bigint;
  /** What was posted with the capture, and where. */
  fee: { amount: bigint; posting: string | null };
  /** What was given back, by operation; `posting` is none where it went beyond the capture. */
  refunds: Map<string, { amount: bigint; posting: string | null }>;
}

/** Makes a payment's postings from nothing but its events, which come whole and in their order. */
export function replay(paymentId: string, events: readonly LoggedRow[]): Book {
  const memory: Memory = { authorized: 0n, captured: 0n, fee: { amount: 0n, posting: null }, refunds: new Map() };
  const book: Book = { paymentId, rows: [] };
  for (const event of events) {
    const postings = postingsOf(event, memory);
    if (postings.length === 0) continue;
    const { seq, merchant_id, at, data } = event;
    if (!data.books) return { paymentId, rows: [], untold: seq };
    const { provider, currency } = data.books;
    const where = { payment_id: paymentId, seq, merchant_id, currency, provider, at };
    book.rows.push(
      ...postings.map(({ amount, reverses = null, ...posting }) => {
        return { ...where, ...posting, amount: String(amount), reverses };
      }),
    );
  }
  return book;
}

function postingsOf(event: LoggedRow, memory: Memory): NewPosting[] {
  const { trigger, seq, operation_id: operation, data } = event;
  const amount = BigInt(event.amount ?? 0);
  const fee = BigInt(data.fee ?? 0);
  const refund = memory.refunds.get(operation ?? '') ?? { amount: 0n, posting: null };
  switch (trigger) {
    case 'authorize':
      memory.authorized = amount;
      return postAuthorization(amount);
    case 'void':
      return postRelease(memory.authorized);
    case 'capture':
      memory.captured = amount;
      memory.fee = { amount: fee, posting: `${seq}.fee` };
      return postCapture({ authorized: memory.authorized, captured: amount, fee });
    case 'partial_refund':
    case 'refund_all':
      memory.refunds.set(operation ?? '', { amount, posting: `${seq}.refund` });
      return postRefund(amount);
    case 'foreign_effect':
      memory.refunds.set(operation ?? '', { amount, posting: null });
      return [];
    case 'refund_undone':
    case 'undo_refund':
    case 'undo_settled_refund':
      return postRefundUndone(amount, refund.posting);
    case 'chargeback':
      // Before there were settlements nothing was posted of it.
      return data.books ? postChargeback(amount) : [];
    case 'reconcile':
    case 'settled':
      return postSettlement({ ours: memory.captured, theirs: amount, fee }, memory.fee);
    case 'refund_settled': {
      const settled = { ours: refund.amount, theirs: amount, fee };
      return data.returned ? postRefundReturned(settled) : postRefundSettlement(settled);
    }
    default:
      return [];
  }
}

/** Makes the postings of all payments of a log that comes by payment, and each payment's events in their order. */
export async function* replayAll(log: AsyncIterable<LoggedRow>): AsyncGenerator<Book> {
  let events: LoggedRow[] = [];
  for await (const event of log) {
    const [first] = events;
    if (first && first.payment_id !== event.payment_id) {
      yield replay(first.payment_id, events);
      events = [];
    }
    events.push(event);
  }
  const [first] = events;
  if (first) yield replay(first.payment_id, events);
}
