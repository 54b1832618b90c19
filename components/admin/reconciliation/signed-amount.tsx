import { type Currency, formatMoney } from '#server/kernel/money.ts';

/** Money with a minus where it is below nothing; `amount` in minor units. */
export function signed(amount: bigint, currency: Currency): string {
  return amount < 0n ? `−${formatMoney({ amount: -amount, currency })}` : formatMoney({ amount, currency });
}

/** An amount that may be below nothing, or not known. */
export function SignedAmount({
  value,
  currency,
  className = '',
}: {
  value: bigint | null;
  currency: Currency;
  className?: string;
}) {
  if (value === null) return <span className={`text-ink-muted ${className}`}>–</span>;
  return <span className={`whitespace-nowrap tabular-nums ${className}`}>{signed(value, currency)}</span>;
}
