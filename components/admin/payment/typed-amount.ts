import { type Currency, formatMoney, parseMoney } from '#server/kernel/money.ts';

export interface TypedAmount {
  /** Minor units; undefined while the text is no amount that can be taken. */
  value: bigint | undefined;
  error: string | undefined;
}

/** Reads what was typed, exactly, and says what is wrong with it. Empty is not wrong yet. */
export function readAmount(text: string, { most, currency }: { most: bigint; currency: Currency }): TypedAmount {
  if (text.trim() === '') return { value: undefined, error: undefined };
  try {
    const { amount } = parseMoney(text, currency);
    if (amount <= 0n) return { value: undefined, error: 'Write an amount above zero.' };
    if (amount > most) {
      return { value: undefined, error: `At most ${formatMoney({ amount: most, currency })} is left.` };
    }
    return { value: amount, error: undefined };
  } catch (error) {
    return { value: undefined, error: error instanceof Error ? `${error.message}.` : undefined };
  }
}
