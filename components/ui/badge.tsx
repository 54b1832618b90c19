import type { ReactNode } from 'react';
import type { PaymentState } from '#server/payments/view.ts';
import { type Tone, toneOf } from '../tone.ts';
import { Coin } from './coin.tsx';
import { words } from './words.ts';

const tones: Record<Tone, string> = {
  neutral: 'bg-ink/6 text-ink',
  wait: 'bg-wait/12 text-wait',
  ok: 'bg-ok/12 text-ok',
  settled: 'bg-ok text-accent-ink',
  muted: 'bg-ink/6 text-ink-muted',
  bad: 'bg-bad/10 text-bad',
  warn: 'bg-warn/12 text-warn',
};

/** A word in its tone. The ring before it says the same without colour. */
export function Badge({ tone, size = 'md', children }: { tone: Tone; size?: 'md' | 'lg'; children: ReactNode }) {
  const room = size === 'lg' ? 'h-7 px-2.5 text-13' : 'h-5.5 px-2 text-12';
  return (
    <span
      className={`inline-flex items-center gap-1.5 whitespace-nowrap rounded-full font-medium ${room} ${tones[tone]}`}
    >
      <Coin tone={tone} />
      {children}
    </span>
  );
}

export function StateBadge({ state, size = 'md' }: { state: PaymentState; size?: 'md' | 'lg' }) {
  return (
    <Badge tone={toneOf[state]} size={size}>
      {words(state)}
    </Badge>
  );
}
