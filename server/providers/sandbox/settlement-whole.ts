import { BadField } from '../csv/report.ts';
import type { Row } from '../csv/rows.ts';
import type { LineKind } from '../settlement-line.ts';

/** Holds a report to its last line, which says how many came before it. */
export function makeCount() {
  let lines = 0;
  let endedAt: number | undefined;
  return {
    /** @throws BadField after the end. */
    one(): void {
      if (endedAt !== undefined) throw new BadField(`it stands after the end in line ${endedAt}`);
      lines += 1;
    },
    /** @throws BadField */
    end({ line }: Row, count: string): undefined {
      if (endedAt !== undefined) throw new BadField(`it is a second end after line ${endedAt}`);
      endedAt = line;
      if (!/^\d{1,9}$/.test(count)) throw new BadField('it is the end, and does not say how many lines there are');
      return undefined;
    },
    missing: (): string | undefined =>
      endedAt === undefined ? `the file ends after ${lines} lines without its last: it was cut off` : undefined,
  };
}

/** What is captured is given to the merchant, and what goes back or is charged is taken. @throws BadField */
export function requireSide(kind: LineKind, gross: bigint): void {
  const isGiven = gross > 0n;
  if (kind === 'capture' && !isGiven) throw new BadField('it is a capture that gives nothing');
  if (['refund', 'chargeback', 'fee'].includes(kind) && isGiven) throw new BadField(`it is a ${kind} that gives`);
}
