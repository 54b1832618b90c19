import { type Currency, formatMoney } from '#server/kernel/money.ts';

/** Money as people read it; `value` in minor units. */
export function Amount({ value, currency, className = '' }: { value: bigint; currency: Currency; className?: string }) {
  return (
    <span className={`whitespace-nowrap tabular-nums ${className}`}>{formatMoney({ amount: value, currency })}</span>
  );
}
