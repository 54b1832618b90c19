import type { ReactNode } from 'react';
import type { PaymentState } from '#server/payments/view.ts';
import type { Tone } from '../tone.ts';
import { Coin } from './coin.tsx';

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

/** Forget a state and it does not compile. */
export const toneOf = {
  initiated: 'neutral',
  payment_method_captured: 'neutral',
  tokenized: 'neutral',
  risk_checked: 'neutral',
  authorized: 'wait',
  capture_pending: 'wait',
  captured: 'ok',
  reconciled: 'settled',
  refunded: 'muted',
  voided: 'muted',
  failed: 'bad',
} as const satisfies Record<PaymentState, Tone>;

/** A state's or trigger's name as people read it: `capture_pending` is "Capture pending". */
export function words(name: string): string {
  const text = name.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function StateBadge({ state, size = 'md' }: { state: PaymentState; size?: 'md' | 'lg' }) {
  return (
    <Badge tone={toneOf[state]} size={size}>
      {words(state)}
    </Badge>
  );
}
