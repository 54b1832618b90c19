import { sha256 } from '#server/kernel/secret.ts';
import type { Candidate, Wish } from './candidate.ts';
import type { Choice } from './rules.ts';

/** Success rates are compared in steps of five per cent: less is noise. */
const stepsOfSuccess = 20;

/** Puts those that a rule names in the order that it wants; where it sees no difference, theirs stays. */
export function order(choice: Choice, named: readonly Candidate[], wish: Wish): Candidate[] {
  switch (choice.by) {
    case 'order':
      return named.toSorted((a, b) => choice.providers.indexOf(a.name) - choice.providers.indexOf(b.name));
    case 'share':
      return named.toSorted((a, b) => draw(a) - draw(b));
    case 'cost':
      return named.toSorted((a, b) => Number(fee(a, wish) - fee(b, wish)));
    case 'success':
      return named.toSorted((a, b) => success(b) - success(a));
  }

  /**
   * Each provider draws a number for this payment, the smaller the greater its share, and the smallest goes first. So
   * the first falls to each by its share, and where one is left out its payments fall to the others by theirs.
   * @see Efraimidis and Spirakis, Weighted random sampling with a reservoir, 2006.
   */
  function draw({ name }: Candidate): number {
    const share = choice.by === 'share' ? (choice.shares[name] ?? 0) : 0;
    return -Math.log(fraction(`${wish.payment} ${name}`)) / share;
  }
}

/** Above 0 and below 1, the same for the same text. */
function fraction(text: string): number {
  return (sha256(text).readUInt32BE() + 0.5) / 2 ** 32;
}

/** What a capture of the whole amount would cost, in minor units. */
function fee({ feeBasisPoints, feeFixed }: Candidate, { amount }: Wish): bigint {
  return (amount * BigInt(feeBasisPoints) + 9_999n) / 10_000n + BigInt(feeFixed);
}

/** Of whom nothing is known yet is believed to be good, or it would never be asked. */
function success({ successRate }: Candidate): number {
  return Math.round((successRate ?? 1) * stepsOfSuccess);
}
