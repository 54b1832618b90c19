import type { Bench } from '../case.ts';
import { play } from '../cases/saga.ts';
import { startMeter } from '../measure/processor.ts';
import type { Books, Peer, Study } from './peer.ts';

/** What one engine did in one round. */
export interface Turn {
  seconds: number;
  sagasPerSecond: number;
  /** Milliseconds of the processor's time for a saga, by class of process; `other` is everybody else's. */
  milliseconds: Record<string, number>;
  made: number;
  duplicates: number;
  lost: number;
}

/** Florin's own case: orders by the checkout's verbs, moved on by the event log, the doctor asked afterwards. */
export async function florinsTurn(bench: Bench, study: Study): Promise<Turn> {
  const { seconds, share, made, duplicates, lost } = await play(bench, { ...study, sends: 1 });
  return turn(study, { seconds, lasted: seconds, share, made, duplicates, lost });
}

/** An engine started anew, warmed up, measured, counted and ended: no other's store or process is in its way. */
export async function peersTurn(bench: Bench, peer: Peer, study: Study): Promise<Turn> {
  const running = await peer.start(bench);
  try {
    const warm = { orders: Math.min(500, study.orders), clients: 50 };
    await running.buy(warm);
    const before = await running.books();
    const meter = startMeter(running.classes);
    const began = performance.now();
    const { seconds } = await running.buy(study);
    const lasted = (performance.now() - began) / 1000;
    const share = meter.stop();
    return turn(study, { seconds, lasted, share, ...counted(before, await running.books(), study.orders) });
  } finally {
    await running.stop();
  }
}

/** Of what was asked for between two looks into an engine's books. */
export function counted(before: Books, after: Books, wanted: number) {
  const made = after.made - before.made;
  const calls = after.calls.map((count, n) => count - (before.calls[n] ?? 0));
  return {
    made,
    duplicates: [made, ...calls].reduce((sum, count) => sum + Math.max(0, count - wanted), 0),
    lost: Math.max(0, wanted - (after.fulfilled - before.fulfilled)),
  };
}

interface Measured {
  seconds: number;
  /** Of the meter, with the way there and back. */
  lasted: number;
  share: Record<string, number>;
  made: number;
  duplicates: number;
  lost: number;
}

function turn({ orders }: Study, { seconds, lasted, share, made, duplicates, lost }: Measured): Turn {
  const spent = Object.entries(share).map(([name, cores]) => [name, (cores * lasted * 1000) / orders]);
  const milliseconds = Object.fromEntries(spent) as Record<string, number>;
  return { seconds, sagasPerSecond: orders / seconds, milliseconds, made, duplicates, lost };
}

/** Milliseconds of the processor's time for a saga, of all that work on it. */
export function costOf({ milliseconds }: Turn): number {
  const own = Object.entries(milliseconds).filter(([name]) => name !== 'other');
  return own.reduce((sum, [, one]) => sum + one, 0);
}
