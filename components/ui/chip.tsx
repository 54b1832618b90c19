import type { ComponentProps } from 'react';

/** Classes of a chip: dashed while it waits for a value, whole and in ink once it has one. */
export function chipClass(on: boolean): string {
  const look = on
    ? 'border-solid border-ink-muted text-ink bg-ink/5'
    : 'border-dashed border-line-strong text-ink-muted';
  return `inline-flex h-7 items-center gap-1.5 whitespace-nowrap rounded-full border px-2.5 text-13 transition-colors hover:text-ink hover:border-ink-muted ${look}`;
}

/** A filter: a button that opens its choices. */
export function Chip({ on = false, className = '', ...rest }: ComponentProps<'button'> & { on?: boolean }) {
  return <button type="button" className={`${chipClass(on)} ${className}`} {...rest} />;
}
