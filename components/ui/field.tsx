import { type ComponentProps, type ReactNode, useId } from 'react';

const sizes = { md: 'h-9 text-14', lg: 'h-11 text-16' } as const;

/** Classes of a box one can type in, for selects and text areas too. */
export const inputClass =
  'w-full rounded-control border border-line-strong bg-surface px-3 text-ink placeholder:text-ink-muted transition-colors hover:border-ink-muted focus-visible:outline-offset-0 aria-invalid:border-bad disabled:opacity-60';

interface Labelled {
  label: string;
  /** Stays visible while the field is wrong. */
  hint?: ReactNode | undefined;
  error?: string | undefined;
  optional?: boolean;
}

/** Ids that tie a box to its label, hint and error. */
export function useFieldIds(given?: string) {
  const made = useId();
  const id = given ?? made;
  return { id, hint: `${id}-hint`, error: `${id}-error` };
}

/** Label, hint and error around any box; the error is announced when it appears. */
export function FieldFrame({
  label,
  hint,
  error,
  optional,
  ids,
  children,
}: Labelled & { ids: ReturnType<typeof useFieldIds>; children: ReactNode }) {
  return (
    <div className="grid gap-1.5">
      <label htmlFor={ids.id} className="flex justify-between text-13 font-medium text-ink">
        {label}
        {optional && <span className="font-normal text-ink-muted">Optional</span>}
      </label>
      {children}
      {hint && (
        <p id={ids.hint} className="text-13 text-ink-muted">
          {hint}
        </p>
      )}
      <p id={ids.error} aria-live="polite" className="text-13 text-bad empty:hidden">
        {error}
      </p>
    </div>
  );
}

/** A labelled box for one line of text. */
export function Field({
  label,
  hint,
  error,
  optional = false,
  size = 'md',
  lead,
  className = '',
  id,
  ...rest
}: Omit<ComponentProps<'input'>, 'size'> & Labelled & { size?: keyof typeof sizes; lead?: ReactNode }) {
  const ids = useFieldIds(id);
  const described = [hint && ids.hint, error && ids.error].filter(Boolean).join(' ');
  return (
    <FieldFrame label={label} hint={hint} error={error} optional={optional} ids={ids}>
      <span className="relative block">
        {lead && (
          <span className="pointer-events-none absolute inset-y-0 left-3 flex items-center text-ink-muted">{lead}</span>
        )}
        <input
          id={ids.id}
          aria-invalid={error ? true : undefined}
          aria-describedby={described || undefined}
          className={`${inputClass} ${sizes[size]} ${lead ? 'pl-9' : ''} ${className}`}
          {...rest}
        />
      </span>
    </FieldFrame>
  );
}
