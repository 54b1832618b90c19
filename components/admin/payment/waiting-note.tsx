import type { ReactNode } from 'react';
import type { Currency } from '#server/kernel/money.ts';
import type { ShownOperation } from '#server/trpc/payment-view.ts';
import { Amount } from '../../ui/amount.tsx';
import { Coin } from '../../ui/coin.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';

/** An operation without a final answer: what is out, since when, and that nothing needs doing twice. */
export function WaitingNote({ operation, currency }: { operation: ShownOperation; currency: Currency }) {
  const { kind, amount, provider, openedAt, status } = operation;
  const money = <Amount value={amount} currency={currency} className="font-medium" />;
  if (status === 'challenged') {
    return (
      <Note tone="wait">
        The shopper’s bank asked them <RelativeTime at={openedAt} /> to confirm {money}. Nothing is charged before they
        have: {provider} tells us, and this page updates itself.
      </Note>
    );
  }
  if (kind === 'cancel') {
    return (
      <Note tone="wait">
        {provider} was told <RelativeTime at={openedAt} /> to block a request that got no answer. This page updates
        itself.
      </Note>
    );
  }
  return (
    <Note tone="warn">
      The {kind} of {money} was sent to {provider} <RelativeTime at={openedAt} /> and has no final answer yet. The money
      may or may not have moved: we keep asking, and this page updates itself.
    </Note>
  );
}

const looks = { warn: 'bg-warn/10', wait: 'bg-wait/12' } as const;
const inks = { warn: 'text-warn', wait: 'text-wait' } as const;

/** Something about a payment that one should know before one acts on it. */
export function Note({ tone, children }: { tone: keyof typeof looks; children: ReactNode }) {
  return (
    <div className={`flex gap-2.5 rounded-control px-3 py-2 text-13 ${looks[tone]}`}>
      <span className={`pt-0.75 ${inks[tone]}`}>
        <Coin tone={tone} />
      </span>
      <div className="min-w-0 grow">{children}</div>
    </div>
  );
}
