import { type Clock, elapsed as elapsedHere } from './clock.ts';

/** Milliseconds from one look at the other clock to the next. */
const lookEvery = 5_000;
/** Until the first one that succeeds. */
const lookAgain = 500;
/** A look that took longer says too little. */
const slowest = 1_000;
/** What goes forward by more has leapt: clocks that are kept differ by less, and drift by far less in five seconds. */
const leap = 1_000;

/** A clock that goes by another one, which several processes share. */
export interface FollowedClock {
  clock: Clock;
  /**
   * Looks at once, and then every five seconds. A look that fails or hangs changes nothing: time goes on from the last
   * one. Where the shared clock goes forward, or a machine that begins finds it far ahead, time has leapt: the shared
   * clock may have been set, and what another process wrote down before it was is younger than it seems.
   *
   * @param read     What the shared clock says.
   * @param corrected  Hears by how many milliseconds this clock was ahead whenever it is set.
   * @returns        What ends the looking.
   */
  follow(read: () => Promise<Date>, corrected?: (ahead: number) => void): Promise<() => void>;
}

/**
 * Machines' clocks may be minutes apart, and are set back and forth. Where one process writes down until when a request
 * may be under way and another decides that this moment is past, both have to mean the same moment: the one of the
 * database that they share. Between two looks time is carried on by a timer that nobody sets. Until the first look it
 * is the machine's own. Cristian, "Probabilistic clock synchronization" (1989).
 *
 * @param elapsed  That timer, in milliseconds since any moment.
 */
export function followedClock(own: Clock, elapsed: () => number = elapsedHere): FollowedClock {
  let last: { time: number; at: number } | undefined;
  let leapt: Date | undefined;
  const time = () => (last ? last.time + elapsed() - last.at : own.now().getTime());

  async function look(read: () => Promise<Date>, corrected: (ahead: number) => void): Promise<void> {
    const asked = elapsed();
    const said = (await read()).getTime();
    const doubt = (elapsed() - asked) / 2;
    if (doubt > slowest / 2) return;
    const ahead = time() - doubt - said;
    // What the way may account for, and a millisecond that is cut off, is no reason to set a clock.
    if (last && Math.abs(ahead) <= doubt + 1) return;
    last = { time: said, at: asked + doubt };
    if (ahead < -leap) leapt = new Date(time());
    corrected(ahead);
  }

  return {
    clock: { ...own, now: () => new Date(time()), leaptAt: () => leapt },
    async follow(read, corrected = () => {}) {
      let forget = () => {};
      let isOver = false;
      async function goOn(): Promise<void> {
        let giveUp = () => {};
        const hangs = new Promise<void>((resolve) => {
          giveUp = own.after(lookEvery, resolve);
        });
        await Promise.race([look(read, corrected).catch(() => {}), hangs]).finally(giveUp);
        if (!isOver) forget = own.after(last ? lookEvery : lookAgain, () => void goOn());
      }
      await goOn();
      return () => {
        isOver = true;
        forget();
      };
    },
  };
}
