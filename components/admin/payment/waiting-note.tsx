import type { Currency } from '#server/kernel/money.ts';
import type { ShownOperation } from '#server/trpc/payment-view.ts';
import { Amount } from '../../ui/amount.tsx';
import { Coin } from '../../ui/coin.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';

/** An operation without a final answer: what is out, since when, and that nothing needs doing twice. */
export function WaitingNote({ operation, currency }: { operation: ShownOperation; currency: Currency }) {
  const { kind, amount, provider, openedAt } = operation;
  return (
    <p className="flex gap-2.5 rounded-control bg-warn/10 px-3 py-2 text-13">
      <span className="pt-0.75 text-warn">
        <Coin tone="warn" />
      </span>
      <span>
        The {kind} of <Amount value={amount} currency={currency} className="font-medium" /> was sent to {provider}{' '}
        <RelativeTime at={openedAt} /> and has no final answer yet. The money may or may not have moved: we keep asking,
        and this page updates itself.
      </span>
    </p>
  );
}
