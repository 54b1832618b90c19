'use client';

import { Monitor, Moon, Sun } from 'lucide-react';
import { useTheme } from 'next-themes';
import { useSyncExternalStore } from 'react';

const choices = [
  { value: 'system', label: 'Theme of the system', Icon: Monitor },
  { value: 'light', label: 'Light theme', Icon: Sun },
  { value: 'dark', label: 'Dark theme', Icon: Moon },
] as const;

const never = () => () => {};

/** Three ways to see a page. The server does not know which one is on, so none is marked before the browser has it. */
export function ThemeSwitch() {
  const { theme, setTheme } = useTheme();
  const inBrowser = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  return (
    <fieldset aria-label="Theme" className="flex rounded-control border p-0.5">
      {choices.map(({ value, label, Icon }) => (
        <button
          key={value}
          type="button"
          aria-label={label}
          title={label}
          aria-pressed={inBrowser && theme === value}
          onClick={() => setTheme(value)}
          className="grid size-6 place-items-center rounded-sm text-ink-muted hover:text-ink aria-pressed:bg-ink/8 aria-pressed:text-ink"
        >
          <Icon size={14} aria-hidden="true" />
        </button>
      ))}
    </fieldset>
  );
}
