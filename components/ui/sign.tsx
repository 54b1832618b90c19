/**
 * The checkout's signs, on a grid of 24. The console takes its own from a library, whose machinery alone weighs more
 * than all of these.
 */
const drawings = {
  alert: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 5v4.5m0 3.5v.01',
  back: 'M19.5 12h-15m6.5 6.5L4.5 12 11 5.5',
  close: 'M6 6l12 12M18 6 6 18',
  copied: 'm4.5 12.5 5 5L19.5 7',
  copy: 'M10.5 8.5h8a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-8a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2ZM4 15.5V6a2 2 0 0 1 2-2h9.5',
  lock: 'M5.5 11h13a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2h-13a2 2 0 0 1-2-2v-6a2 2 0 0 1 2-2ZM7.5 11V7a4.5 4.5 0 0 1 9 0v4',
  more: 'm6 9 6 6 6-6',
  printer: 'M7 9V3h10v6M7 18H5a2 2 0 0 1-2-2v-5a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2h-2M7 14h10v7H7Z',
  shield:
    'M12 2.5c2.3 1.8 4.9 2.8 8 3v7c0 4.5-3 7.5-8 9-5-1.5-8-4.5-8-9v-7c3.1-.2 5.7-1.2 8-3Zm-3.2 9.3 2.3 2.3 4.2-4.4',
} as const;

interface SignProps {
  of: keyof typeof drawings;
  size: number;
  /** In units of the grid. */
  stroke?: number;
  className?: string;
}

/** A sign beside words: it says nothing by itself. */
export function Sign({ of, size, stroke = 2, className }: SignProps) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={stroke}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      className={className}
    >
      <path d={drawings[of]} />
    </svg>
  );
}
