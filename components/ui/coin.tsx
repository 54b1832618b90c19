import type { Tone } from '../tone.ts';

const inside: Record<Tone, string | null> = {
  neutral: null,
  wait: 'M6 6V3a3 3 0 0 1 0 6Z',
  ok: 'm4 6.1 1.4 1.4L8 4.7',
  settled: 'm4 6.1 1.4 1.4L8 4.7',
  muted: 'M2.8 9.2 9.2 2.8',
  bad: 'm4.4 4.4 3.2 3.2m0-3.2L4.4 7.6',
  warn: 'M6 3.6v2.8m0 1.7v.2',
};

/** The ring of the mark, filled as the tone asks: half full while waiting, ticked, struck, crossed. */
export function Coin({ tone, size = 12 }: { tone: Tone; size?: number }) {
  const path = inside[tone];
  return (
    <svg width={size} height={size} viewBox="0 0 12 12" fill="none" aria-hidden="true" className="shrink-0">
      <circle cx="6" cy="6" r="4.9" stroke="currentColor" strokeWidth="1.3" />
      {path && (
        <path
          d={path}
          stroke="currentColor"
          strokeWidth="1.3"
          strokeLinecap="round"
          strokeLinejoin="round"
          fill={tone === 'wait' ? 'currentColor' : 'none'}
        />
      )}
    </svg>
  );
}
