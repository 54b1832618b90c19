import type { ComponentProps, ReactNode } from 'react';
import { FieldFrame, inputClass, useFieldIds } from './field.tsx';

/** A labelled box for several lines of text. */
export function TextArea({
  label,
  hint,
  error,
  id,
  ...rest
}: ComponentProps<'textarea'> & { label: string; hint?: ReactNode; error?: string | undefined }) {
  const ids = useFieldIds(id);
  return (
    <FieldFrame label={label} hint={hint} error={error} ids={ids}>
      <textarea
        id={ids.id}
        rows={3}
        aria-invalid={error ? true : undefined}
        aria-describedby={[hint && ids.hint, error && ids.error].filter(Boolean).join(' ') || undefined}
        className={`${inputClass} min-h-20 py-2 text-14`}
        {...rest}
      />
    </FieldFrame>
  );
}
