import type { ComponentProps } from 'react';
import { Spinner } from './spinner.tsx';

const looks = {
  primary: 'border-transparent bg-accent text-accent-ink hover:bg-accent/90',
  secondary: 'border-line bg-surface text-ink hover:bg-ink/5',
  quiet: 'border-transparent bg-transparent text-ink-muted hover:bg-ink/5 hover:text-ink',
  danger: 'border-transparent bg-bad text-accent-ink hover:bg-bad/90',
} as const;

const sizes = {
  sm: 'h-7 gap-1.5 px-2.5 text-13',
  md: 'h-9 gap-2 px-3.5 text-14',
  lg: 'h-11 gap-2 px-5 text-16',
} as const;

export interface ButtonLook {
  look?: keyof typeof looks;
  /** 36 px in the console (`md`), 44 px in checkout (`lg`). */
  size?: keyof typeof sizes;
}

/** A button's classes, for what looks like one and is a link. */
export function buttonClass({ look = 'secondary', size = 'md' }: ButtonLook = {}): string {
  return `relative inline-flex shrink-0 items-center justify-center whitespace-nowrap rounded-control border font-medium transition-colors disabled:opacity-55 ${looks[look]} ${sizes[size]}`;
}

/** `busy` keeps the width, shows progress over the label and takes no second press. */
export function Button({
  look = 'secondary',
  size = 'md',
  busy = false,
  disabled = false,
  className = '',
  type = 'button',
  children,
  ...rest
}: ComponentProps<'button'> & ButtonLook & { busy?: boolean }) {
  return (
    <button
      type={type}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={`${buttonClass({ look, size })} ${className}`}
      {...rest}
    >
      <span className={`inline-flex items-center gap-[inherit] ${busy ? 'opacity-0' : ''}`}>{children}</span>
      {busy && (
        <span className="absolute inset-0 grid place-items-center">
          <Spinner />
        </span>
      )}
    </button>
  );
}
