import { ChevronDown } from 'lucide-react';
import type { ComponentProps } from 'react';
import { FieldFrame, inputClass, useFieldIds } from './field.tsx';

/** One of a few. `choices` by value, in words. */
export function Select({
  label,
  choices,
  id,
  ...rest
}: ComponentProps<'select'> & { label: string; choices: Record<string, string> }) {
  const ids = useFieldIds(id);
  return (
    <FieldFrame label={label} ids={ids}>
      <span className="relative block">
        <select id={ids.id} className={`${inputClass} h-9 appearance-none pr-9 text-14`} {...rest}>
          {Object.entries(choices).map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
        <ChevronDown
          size={16}
          aria-hidden="true"
          className="-translate-y-1/2 pointer-events-none absolute top-1/2 right-3 text-ink-muted"
        />
      </span>
    </FieldFrame>
  );
}
