/** What is asked, in the words of our contract. */
export type AskKind = 'authorize' | 'capture' | 'void' | 'refund' | 'inquire';

/** How requests are made to fail, until it has happened `times`, or for good. */
export interface Lever {
  kind?: AskKind;
  fault: 'lose_before' | 'lose_after' | 'error' | 'slow' | 'reset';
  /** Of an error, a reset and slowness: after it took effect. */
  after?: boolean;
  times?: number;
  milliseconds?: number;
}

export function makeLevers() {
  let pulled: Lever[] = [];
  return {
    pull: (lever: Lever) => void pulled.push({ ...lever }),
    release() {
      pulled = [];
    },
    /** The first that fits; one time of it is used up. */
    take(kind: AskKind): Lever | undefined {
      const lever = pulled.find((one) => one.kind === undefined || one.kind === kind);
      if (lever?.times === undefined) return lever;
      lever.times -= 1;
      if (lever.times <= 0) pulled = pulled.filter((one) => one !== lever);
      return lever;
    },
  };
}
