import { type ReactNode, useId } from 'react';

/** One of a few that need a sentence each. `choices` by value. */
export function Choice<Value extends string>({
  label,
  choices,
  value,
  onChange,
}: {
  label: string;
  choices: Partial<Record<Value, { says: ReactNode; follows: ReactNode }>>;
  value: Value | undefined;
  onChange: (value: Value) => void;
}) {
  const name = useId();
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1.5 text-13 font-medium">{label}</legend>
      {(Object.keys(choices) as Value[]).map((one) => (
        <label
          key={one}
          className="flex cursor-pointer gap-3 rounded-control border border-line-strong p-3 hover:border-ink-muted has-checked:border-accent has-checked:bg-accent/6"
        >
          <input
            type="radio"
            name={name}
            value={one}
            checked={value === one}
            onChange={() => onChange(one)}
            className="mt-0.75 size-4 shrink-0 accent-accent"
          />
          <span className="grid gap-0.5">
            <span className="text-14 font-medium">{choices[one]?.says}</span>
            <span className="text-13 text-ink-muted">{choices[one]?.follows}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
