import Link from 'next/link';
import { toneOf } from '../tone.ts';
import { Field } from '../ui/field.tsx';
import { words } from '../ui/words.ts';
import { type Filters, without } from './filter-address.ts';
import { FilterChip } from './filter-chip.tsx';

/** Filters of the payments list, one chip each. `home` is the merchant's own currency, for amounts without another. */
export function FilterBar({ filters, home, providers }: { filters: Filters; home: string; providers: string[] }) {
  const chip = (...names: (keyof Filters)[]) => ({ keep: without(filters, names) });
  const currency = filters.currency ?? home;
  return (
    <fieldset aria-label="Filters" className="flex min-w-0 flex-wrap items-center gap-2">
      <FilterChip label="State" value={filters.state?.map(words).join(', ')} {...chip('state')}>
        <fieldset className="grid gap-1.5">
          <legend className="sr-only">State</legend>
          {Object.keys(toneOf).map((state) => (
            <Choice key={state} type="checkbox" name="state" value={state} on={filters.state?.includes(state)} />
          ))}
        </fieldset>
      </FilterChip>
      <FilterChip label="Amount" value={range(filters.min, filters.max, ` ${currency}`)} {...chip('min', 'max')}>
        <Field
          label={`At least, in ${currency}`}
          name="min"
          inputMode="decimal"
          defaultValue={filters.min}
          placeholder="10.00"
        />
        <Field
          label={`At most, in ${currency}`}
          name="max"
          inputMode="decimal"
          defaultValue={filters.max}
          placeholder="50.00"
        />
      </FilterChip>
      <FilterChip label="Currency" value={filters.currency} {...chip('currency')}>
        <Field
          label="Currency"
          name="currency"
          maxLength={3}
          defaultValue={filters.currency}
          placeholder="EUR"
          className="uppercase"
        />
      </FilterChip>
      <FilterChip label="Date" value={range(filters.from, filters.to, '')} {...chip('from', 'to')}>
        <Field label="First day" name="from" type="date" defaultValue={filters.from} />
        <Field label="Last day" name="to" type="date" defaultValue={filters.to} hint="Days are UTC." />
      </FilterChip>
      <FilterChip label="Provider" value={filters.provider} {...chip('provider')}>
        <fieldset className="grid gap-1.5">
          <legend className="sr-only">Provider</legend>
          {providers.map((name) => (
            <Choice key={name} type="radio" name="provider" value={name} on={filters.provider === name} />
          ))}
        </fieldset>
      </FilterChip>
      <FilterChip label="Last four" value={filters.last4} {...chip('last4')}>
        <Field
          label="Last four digits"
          name="last4"
          inputMode="numeric"
          pattern="\d{4}"
          maxLength={4}
          defaultValue={filters.last4}
          placeholder="4242"
        />
      </FilterChip>
      <FilterChip label="Search" value={filters.q} {...chip('q')}>
        <Field
          label="Id, reference or email, or a part"
          name="q"
          maxLength={254}
          defaultValue={filters.q}
          hint="Three characters or more; for the end of an id, six. A whole id finds just that payment."
        />
      </FilterChip>
      {Object.keys(filters).length > 1 && (
        <Link href="/admin/payments" className="rounded-sm px-1.5 text-13 text-ink-muted hover:text-ink">
          Clear all
        </Link>
      )}
    </fieldset>
  );
}

function Choice({
  on = false,
  ...input
}: {
  type: 'checkbox' | 'radio';
  name: string;
  value: string;
  on?: boolean | undefined;
}) {
  return (
    <label className="flex h-7 items-center gap-2.5 text-14">
      <input {...input} defaultChecked={on} className="size-4 accent-accent" />
      {words(input.value)}
    </label>
  );
}

function range(from: string | undefined, to: string | undefined, unit: string): string | undefined {
  if (from && to) return from === to ? `${from}${unit}` : `${from} to ${to}${unit}`;
  if (from) return `from ${from}${unit}`;
  return to && `to ${to}${unit}`;
}
