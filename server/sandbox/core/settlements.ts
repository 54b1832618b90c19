import type { Clock } from '#server/kernel/clock.ts';
import type { Ids } from '#server/kernel/id.ts';
import type { Acquirer } from './acquirer.ts';
import type { AcquirerName } from './behaviour.ts';
import type { Levers } from './levers.ts';
import { alderStyle } from './settlement-alder.ts';
import { birchStyle } from './settlement-birch.ts';
import { faulted } from './settlement-faults.ts';
import { type FileLine, settlementText } from './settlement-file.ts';
import { feeLineOf, isSettled, lineOf, type SettledEntry, type SettlementLine } from './settlement-line.ts';
import type { Shelf } from './shelf.ts';
import { askKindOf } from './webhook-event.ts';

const styles = { alder: alderStyle, birch: birchStyle } satisfies Record<AcquirerName, object>;

export interface SettlementsSeams {
  name: AcquirerName;
  acquirer: Pick<Acquirer, 'entries'>;
  levers: Pick<Levers, 'take'>;
  shelf: Shelf;
  clock: Clock;
  ids: Ids;
}

export interface SettlementFile {
  name: string;
  /** The business day. */
  day: string;
}

/** Minor units with a sign: what the merchant is given or owes, for a reason that no operation has. */
export interface Adjustment {
  amount: number;
  currency: string;
  reference: string;
}

export interface Settlements {
  /** Every file so far, oldest first: one for each day that is over since the first that had anything to settle. */
  files(): Promise<readonly SettlementFile[]>;
  open(name: string): Promise<{ size: number; content: AsyncIterable<Buffer> } | undefined>;
  /** Ends the running day for now: what happens later that day is in its next file. */
  close(): Promise<SettlementFile>;
  /** Stands in the next file. */
  adjust(adjustment: Adjustment): Promise<SettlementLine>;
}

/** What is known of files across starts. */
interface List {
  files: SettlementFile[];
  /** How many of the books' settled entries stand in files. */
  taken: number;
  /** The last day that ended by itself. */
  through: string | undefined;
  /** For the next file. */
  waiting: SettlementLine[];
}

/**
 * Daily settlement files, from the books. A day's file is written when files are first asked for after the day has
 * ended, and never changes.
 */
export function makeSettlements(seams: SettlementsSeams): Settlements {
  const { name, shelf, clock, ids } = seams;
  const { unsettled, write, catchUp, keep } = makeWriter(seams);
  let list: List | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  /** One at a time, or two would write the same file. */
  function inTurn<T>(work: (list: List) => Promise<T>): Promise<T> {
    const done = turn.then(async () => {
      const kept = list ? undefined : await shelf.list();
      list ??= kept ? (JSON.parse(kept) as List) : { files: [], taken: 0, through: undefined, waiting: [] };
      return work(list);
    });
    turn = done.catch(() => undefined);
    return done;
  }

  async function files(): Promise<readonly SettlementFile[]> {
    return inTurn(async (known) => {
      await catchUp(known);
      return [...known.files];
    });
  }

  return {
    files,
    async open(fileName) {
      const known = (await files()).some((file) => file.name === fileName);
      return known ? shelf.open(fileName) : undefined;
    },
    close: () =>
      inTurn(async (known) => {
        await catchUp(known);
        const file = await write(known, styles[name].dayOf(clock.now()), await unsettled(known));
        await keep(known);
        return file;
      }),
    adjust: ({ amount, currency, reference }) =>
      inTurn(async (known) => {
        const about = { capture: '', key: '', reference, at: clock.now().toISOString(), payout: '' };
        const id = `adj_${ids().replaceAll('-', '')}`;
        const line: SettlementLine = { kind: 'adjustment', id, ...about, gross: amount, fee: 0, currency };
        known.waiting.push(line);
        await keep(known);
        return line;
      }),
  };
}

function makeWriter({ name, acquirer, levers, shelf, clock, ids }: SettlementsSeams) {
  const style = styles[name];

  async function unsettled({ taken }: List): Promise<SettledEntry[]> {
    return (await acquirer.entries()).filter(isSettled).slice(taken);
  }

  function* linesOf(entry: SettledEntry, late: SettlementLine[]): Generator<FileLine> {
    const lever = levers.take('settlement', { kind: askKindOf(entry), last4: entry.last4 });
    const line = lineOf(entry);
    const made = faulted(line, lever?.fault, ids);
    if (made.late) late.push(made.late);
    yield* made.lines;
    const fee = feeLineOf(line);
    if (fee) yield { line: fee };
  }

  /** Writes the day's next file. */
  async function write(known: List, day: string, entries: readonly SettledEntry[]): Promise<SettlementFile> {
    const nth = known.files.filter((file) => file.day === day).length + 1;
    const file = { name: style.fileName(day, nth), day };
    const late: SettlementLine[] = [];
    function* happened(): Generator<FileLine> {
      for (const line of known.waiting) yield { line };
      for (const entry of entries) yield* linesOf(entry, late);
    }
    await shelf.put(file.name, settlementText(style, { name: file.name, at: clock.now() }, happened()));
    known.files.push(file);
    known.taken += entries.length;
    known.waiting = late;
    return file;
  }

  /** Writes the files of days that are over. */
  async function catchUp(known: List): Promise<void> {
    const today = style.dayOf(clock.now());
    if (known.through !== undefined && dayAfter(known.through) >= today) return;
    let entries = await unsettled(known);
    for (let day = dayToEnd(known, entries[0]); day !== undefined && day < today; day = dayAfter(day)) {
      const over = (at: string) => style.dayOf(new Date(at)) > String(day);
      const end = entries.findIndex(({ at }) => over(at));
      const ofDay = entries.slice(0, end < 0 ? entries.length : end);
      const isWritten = known.files.some((file) => file.day === day) && ofDay.length === 0;
      if (!isWritten) await write(known, day, ofDay);
      known.through = day;
      entries = entries.slice(ofDay.length);
    }
    await keep(known);
  }

  /** The first day of which nobody knows that it is over; undefined where nothing has happened yet. */
  function dayToEnd({ through, files }: List, first: SettledEntry | undefined): string | undefined {
    if (through !== undefined) return dayAfter(through);
    return files[0]?.day ?? (first && style.dayOf(new Date(first.at)));
  }

  /** Only now is what was written on the list: whatever a crash comes before is written again. */
  const keep = (known: List) => shelf.keepList(JSON.stringify(known));

  return { unsettled, write, catchUp, keep };
}

/** @param day  `2026-11-22` */
function dayAfter(day: string): string {
  return new Date(Date.parse(day) + 24 * 3_600_000).toISOString().slice(0, 10);
}
