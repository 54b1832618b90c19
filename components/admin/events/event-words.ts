import type { ConsumerStanding, ParkedEvent } from '#server/events/consumer.ts';
import type { Tone } from '../../tone.ts';

/** Milliseconds from which on a consumer is called late; somebody is told of it. */
const late = 60_000;
/** Standings count no further. */
const countedAtMost = 10_000;

export function standingOf({ lag, parked }: ConsumerStanding): { tone: Tone; says: string } {
  if (lag > late) return { tone: 'bad', says: 'Late' };
  if (parked > 0) return { tone: 'warn', says: 'Put aside' };
  return { tone: 'ok', says: 'Up to date' };
}

export function behindWords(behind: number): string {
  return behind < countedAtMost ? behind.toLocaleString('en') : `${countedAtMost.toLocaleString('en')} or more`;
}

/** How far behind, in the largest unit that still tells something: "4 s", "12 min". */
export function lagWords(milliseconds: number): string {
  if (milliseconds < 120_000) return `${Math.floor(milliseconds / 1_000)} s`;
  if (milliseconds < 7_200_000) return `${Math.floor(milliseconds / 60_000)} min`;
  return `${Math.floor(milliseconds / 3_600_000)} h`;
}

export const parkedTones: Record<ParkedEvent['why'], Tone> = { trying: 'wait', failed: 'bad', behind: 'muted' };

export const parkedWords: Record<ParkedEvent['why'], string> = {
  trying: 'Tried again soon',
  failed: 'Given up',
  behind: 'Waits behind',
};
