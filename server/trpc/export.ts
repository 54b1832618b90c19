import type { StaffCaller } from '#server/auth/staff-sessions.ts';
import { showId } from '#server/kernel/id.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { type ExportFormat, pagesOf, type Row, written } from '#server/reconciliation/questions/export.ts';
import type { ReconciliationPages } from '#server/reconciliation/questions/pages.ts';
import type { DifferenceRow, LineRow } from '#server/reconciliation/questions/view.ts';
import type { Context } from './context.ts';
import { DifferenceQuery, differenceFilter } from './differences.ts';
import { refusalIn } from './refused.ts';

const rowsPerPage = 1_000;

// biome-ignore format: the columns, in order
const columnsOf = {
  differences: [
    'id', 'kind', 'leg', 'provider', 'opened_at', 'currency', 'ours', 'theirs', 'cause', 'payment', 'file', 'line',
    'assigned_to', 'proposed', 'ended', 'ended_at',
  ],
  lines: [
    'line', 'kind', 'ref', 'currency', 'amount', 'fee', 'net', 'occurred_at', 'payment', 'matched_by', 'differences',
  ],
} as const;

/**
 * Writes all that a list holds as a file, while it is read: `what` (`differences`, with the filters of the queue, or
 * `lines` of a `file`) and `format` (`csv`, `json`) stand in the address.
 */
export async function exportRows(address: URL, context: Context): Promise<Response> {
  const { rooms, request, seat } = context;
  try {
    if (!seat) throw new Refusal('unauthenticated', 'Sign in first.');
    const caller = await rooms.staff.caller(seat);
    const asked = Object.fromEntries(address.searchParams);
    const format: ExportFormat = asked.format === 'json' ? 'json' : 'csv';
    const what = asked.what === 'lines' ? 'lines' : 'differences';
    const pages =
      what === 'lines'
        ? linesOf(rooms.reconciliationPages, caller, asked)
        : differencesOf(rooms.reconciliationPages, caller, asked);
    const parts = written(pages, { columns: columnsOf[what], format });
    const day = rooms.clock.now().toISOString().slice(0, 10);
    return new Response(streamOf(await begun(parts)), {
      headers: {
        'content-type': format === 'json' ? 'application/json' : 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="${what}-${day}.${format}"`,
        'request-id': request,
      },
    });
  } catch (error) {
    const refusal = refusalIn(error);
    if (!refusal) throw error;
    return new Response(`${refusal.message}\n`, { status: refusal.status, headers: { 'request-id': request } });
  }
}

/** Reads ahead as far as the first row: what is refused is told as a status, not in the midst of a file. */
async function begun(parts: AsyncGenerator<string>): Promise<AsyncGenerator<string>> {
  const first = [await parts.next(), await parts.next()];
  return (async function* () {
    for (const { value, done } of first) if (!done) yield value;
    yield* parts;
  })();
}

/** Asks for more as it is read, and for no more once nobody reads. */
function streamOf(parts: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await parts.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await parts.return(undefined);
    },
  });
}

type Asked = Record<string, string>;

async function* differencesOf(pages: ReconciliationPages, caller: StaffCaller, asked: Asked): AsyncGenerator<Row[]> {
  const { format: _, what: __, mine, file, ...rest } = asked;
  const read = DifferenceQuery.safeParse({ ...rest, ...(mine && { mine: true }), ...(file && { fileId: file }) });
  if (!read.success) throw new Refusal('invalid_input', read.error.issues[0]?.message ?? 'This filter cannot be read.');
  const filter = differenceFilter(read.data, caller.staffId);
  const ask = (after: string | undefined) =>
    pages.differences(caller, { filter, limit: rowsPerPage, ...(after && { after }) });
  for await (const rows of pagesOf(ask)) yield rows.map(differenceRow);
}

async function* linesOf(pages: ReconciliationPages, caller: StaffCaller, { file }: Asked): AsyncGenerator<Row[]> {
  if (!file || !/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(file)) throw new Refusal('not_found', 'No such file.');
  const { id: fileId } = await pages.file(caller, file);
  const ask = (after: number | undefined) =>
    pages.lines(caller, { fileId, show: 'all', limit: rowsPerPage, ...(after && { after }) });
  for await (const rows of pagesOf(ask)) yield rows.map(lineRow);
}

function differenceRow(row: DifferenceRow): Row {
  const { id, kind, leg, provider, currency, cause, line, proposed, ended } = row;
  const money = (amount: bigint | null) => (amount === null ? null : { amount, currency });
  return {
    ...{ id, kind, leg, provider, currency, cause, line, proposed, ended },
    opened_at: row.openedAt,
    ours: money(row.ours),
    theirs: money(row.theirs),
    payment: row.paymentId && showId('payment', row.paymentId),
    file: row.fileId,
    assigned_to: row.assignedTo?.name ?? null,
    ended_at: row.endedAt,
  };
}

function lineRow({ line, kind, ref, currency, amount, fee, net, ...row }: LineRow): Row {
  return {
    ...{ line, kind, ref, currency },
    amount: { amount, currency },
    fee: { amount: fee, currency },
    net: { amount: net, currency },
    occurred_at: row.occurredAt,
    payment: row.paymentId && showId('payment', row.paymentId),
    matched_by: row.rule,
    differences: row.differences.join(' '),
  };
}
