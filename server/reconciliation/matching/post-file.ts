import { invariant } from '#server/kernel/invariant.ts';
import { requireCurrency } from '#server/kernel/money.ts';
import type { SettledLine, SettleInput, Settling } from '#server/payments/payments.ts';
import type { Books } from '../room.ts';
import type { Cause } from './causes.ts';
import { type NewDifference, writeDifferences } from './differences.ts';
import { type File, pieces, readStoredFile } from './file.ts';
import type { Range } from './find.ts';
import { hearLine, type Postable } from './hear-line.ts';
import type { DifferenceKind } from './judge.ts';
import { matchRange, type Progress } from './match-file.ts';
import { postable } from './postable.ts';
import { type Rule, rulesOf } from './rules.ts';

/** Lines whose payments are changed side by side. */
const most = 400;
/** Sayings that wait for payments at once. */
const hearings = 8;

type Piece = Pick<Range, 'after' | 'to'>;

interface Posting {
  file: File;
  rules: readonly Rule[];
}

/**
 * Brings to payments what a matched file says: first what it proves of what is unclosed or unknown, by `hear`; then
 * what is settled. Each payment is a commit of its own mover; no lock is held from here. Killed and begun again it says
 * some of it twice, which payments does not mind.
 */
export async function postFile(room: Books, fileId: string, progress: Progress = async () => {}): Promise<void> {
  const file = await readStoredFile(room.sql, fileId);
  if (file.status !== 'matched') return;
  const posting = { file, rules: await rulesOf(room.sql, file.provider) };
  // Two lanes take pieces in turn: while one waits for its commits, the other one asks.
  const queue = pieces(file, most);
  const lane = async () => {
    for (const piece of queue) {
      await postPiece(room, posting, piece);
      await progress();
    }
  };
  await Promise.all([lane(), lane()]);
  const now = room.clock.now();
  await room.transact(
    'reconciliation.posted',
    (tx) => tx`
      UPDATE settlement_files SET status = 'posted', posted_at = ${now} WHERE id = ${fileId} AND status = 'matched'`,
  );
  room.log.info({ provider: file.provider, name: file.name }, 'a settlement file is posted');
}

/** Posts lines that two people have matched after their file was posted. Returns how many there were. */
export async function postForced(room: Books, limit: number): Promise<number> {
  const rows = await room.sql<{ fileId: string; line: number }[]>`
    SELECT file_id AS "fileId", line FROM settlement_lines l WHERE rule = 'person' AND posted_at IS NULL
      AND EXISTS (SELECT FROM settlement_files f WHERE f.id = l.file_id AND f.status = 'posted')
    ORDER BY file_id, line LIMIT ${limit}`;
  for (const { fileId, line } of rows) {
    const file = await readStoredFile(room.sql, fileId);
    await postPiece(room, { file, rules: await rulesOf(room.sql, file.provider) }, { after: line - 1, to: line });
  }
  return rows.length;
}

async function postPiece(room: Books, posting: Posting, piece: Piece): Promise<void> {
  const { file } = posting;
  let lines = await postable(room.sql, file.id, piece);
  const heard = await hearAll(room, file, lines);
  if (heard.size > 0) {
    await matchForeign(room, posting, piece, lines);
    lines = await postable(room.sql, file.id, piece);
  }
  const settled = lines.filter(({ operationId }) => operationId !== null);
  const settlings = await room.payments.settle(inputsOf(posting, settled));
  // In the order of the inputs and their lines, which is by payment.
  const answers = inOrder(settled).map((line, place) => ({ line, answer: settlings[place] }));
  const done = answers.filter(({ answer }) => isDone(answer)).map(({ line }) => line.line);
  const told = lines.filter(({ operationId, kind, line }) => !operationId && kind === 'chargeback' && heard.get(line));
  const differences = answers.flatMap(({ line, answer }) => differenceOf(file, line, answer));
  if (done.length + told.length + differences.length === 0) return;
  await room.transact('reconciliation.post', async (tx) => {
    await writeDifferences(tx, room, differences);
    await tx`
      UPDATE settlement_lines SET posted_at = ${room.clock.now()}
      WHERE file_id = ${file.id} AND line = ANY(${[...done, ...told.map(({ line }) => line)]}::int[])
        AND posted_at IS NULL`;
  });
}

/** By line, whether payments knows it now. Whoever has nothing to say is not among them. */
async function hearAll(room: Books, file: File, lines: readonly Postable[]): Promise<Map<number, boolean>> {
  const heard = new Map<number, boolean>();
  const queue = lines.values();
  const lane = async () => {
    for (const line of queue) {
      const hearing = await hearLine(room, file.provider, line, nameOf(file, line));
      if (hearing) heard.set(line.line, hearing.kind === 'recorded' || hearing.kind === 'known');
    }
  };
  await Promise.all(Array.from({ length: hearings }, lane));
  return heard;
}

/** Refunds that were made at the provider are operations now: their lines find them, and are no riddle any more. */
async function matchForeign(room: Books, { file, rules }: Posting, piece: Piece, lines: readonly Postable[]) {
  const foreign = lines.filter(({ operationId, kind }) => !operationId && kind === 'refund').map(({ line }) => line);
  if (foreign.length === 0) return;
  const rule: Rule = rules.find(({ by }) => by === 'ref') ?? {
    name: "the provider's id",
    by: 'ref',
    tolerance: 0n,
    windowDays: 0,
  };
  await matchRange(room, { file, rule: { ...rule, windowDays: foreignWindow }, ...piece, later: true });
  await room.transact(
    'reconciliation.foreign',
    (tx) => tx`
      UPDATE discrepancies d SET ended = 'resolved', ended_at = ${room.clock.now()},
        reason = 'It was made at the provider, and is on record now.'
      FROM settlement_lines l
      WHERE d.leg = 'settlement' AND d.file_id = ${file.id} AND d.line = ANY(${foreign}::int[])
        AND d.kind = 'missing_here' AND d.ended_at IS NULL
        AND l.file_id = d.file_id AND l.line = d.line AND l.operation_id IS NOT NULL`,
  );
}

/** Days. We have heard of it by the line itself: it cannot be late. */
const foreignWindow = 36_500;

function inOrder(lines: readonly Postable[]): Postable[] {
  return [...Map.groupBy(lines, ({ paymentId }) => paymentId).values()].flat();
}

function isDone(answer: Settling | undefined): boolean {
  return answer?.result === 'settled' || answer?.result === 'known';
}

const differs: Record<'amount' | 'currency' | 'status' | 'provider', [DifferenceKind, Cause]> = {
  amount: ['amount', 'amount_changed'],
  currency: ['currency', 'converted'],
  status: ['status', 'late_effect'],
  provider: ['status', 'late_effect'],
};

/** What payments would not put on record is for people. */
function differenceOf(file: File, line: Postable, answer: Settling | undefined): NewDifference[] {
  invariant(answer, 'each line has its answer');
  if (isDone(answer)) return [];
  const [kind, cause] = answer.result === 'differs' ? differs[answer.in] : (['status', 'lost_response'] as const);
  const { merchantId, paymentId, operationId, ours, amount: theirs, currency } = line;
  const at = { fileId: file.id, line: line.line };
  const { provider } = file;
  return [{ leg: 'settlement', provider, at, kind, cause, merchantId, paymentId, operationId, ours, theirs, currency }];
}

function inputsOf({ file, rules }: Posting, lines: readonly Postable[]): SettleInput[] {
  return [...Map.groupBy(lines, ({ paymentId }) => paymentId)].map(([paymentId, ofPayment]) => {
    const merchantId = ofPayment[0]?.merchantId;
    invariant(paymentId && merchantId, 'a line with an operation has its payment and its merchant');
    const { provider } = file;
    return { merchantId, paymentId, provider, lines: ofPayment.map((line) => settledLine(file, rules, line)) };
  });
}

function settledLine(file: File, rules: readonly Rule[], line: Postable): SettledLine {
  const { kind, operationId, amount, fee, ref, ours, rule } = line;
  invariant(operationId && ours !== null, 'what is settled has an operation');
  invariant(
    kind === 'capture' || kind === 'refund' || kind === 'refund_returned',
    'an operation has lines of its kind',
  );
  const apart = amount > ours ? amount - ours : ours - amount;
  // Two people have looked at what they matched; of all else its rule says how far it may be apart.
  const within = rule === 'person' ? apart : (rules.find(({ name }) => name === rule)?.tolerance ?? 0n);
  const currency = requireCurrency(line.currency);
  return { operationId, kind, amount, fee, currency, ref, line: nameOf(file, line), within };
}

function nameOf({ name }: File, { line }: Postable): string {
  return `${name}:${line}`;
}
