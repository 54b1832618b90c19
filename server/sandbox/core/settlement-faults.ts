import type { Ids } from '#server/kernel/id.ts';
import type { FaultAt } from './levers.ts';
import type { FileLine } from './settlement-file.ts';
import type { SettlementLine } from './settlement-line.ts';

/** What a line becomes: what is written in its place, and what comes in the next file instead. */
export interface Faulted {
  lines: FileLine[];
  late?: SettlementLine;
}

/** Minor units by which an amount or a fee is off. */
const off = { amount: 100, fee: 7 };

export function faulted(line: SettlementLine, fault: FaultAt<'settlement'> | undefined, ids: Ids): Faulted {
  switch (fault) {
    case undefined:
      return { lines: [{ line }] };
    case 'settlement_missing':
      return { lines: [] };
    case 'settlement_late':
      return { lines: [], late: line };
    case 'settlement_malformed':
      return { lines: [{ line, broken: true }] };
    case 'settlement_duplicate':
      return { lines: [{ line }, { line }] };
    case 'settlement_extra':
      return { lines: [{ line }, { line: stranger(line, ids().replaceAll('-', '')) }] };
    case 'settlement_wrong_amount':
      return changed({ ...line, gross: line.gross + Math.sign(line.gross) * off.amount });
    case 'settlement_wrong_fee':
      return changed({ ...line, fee: line.fee + off.fee });
    case 'settlement_wrong_currency':
      return changed({ ...line, currency: line.currency === 'USD' ? 'EUR' : 'USD' });
  }
}

function changed(line: SettlementLine): Faulted {
  return { lines: [{ line }] };
}

/** Of a payment that nobody here or there has heard of. */
function stranger(line: SettlementLine, id: string): SettlementLine {
  const capture = line.capture && `cap_${id}`;
  return { ...line, id: `${line.id.split('_', 1)[0]}_${id}`, capture, key: `key_${id}`, reference: `order_${id}` };
}
