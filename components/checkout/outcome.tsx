'use client';

import type { Standing } from '#server/checkout/view.ts';
import { Button } from '../ui/button.tsx';
import { Sign } from '../ui/sign.tsx';
import { LocalTime } from './local-time.tsx';
import { Panel } from './panel.tsx';
import { Receipt } from './receipt.tsx';
import { StruckCoin, Tick, Waiting } from './tick.tsx';

/** An attempt is under way, and for so long that it has to be said nobody has heard of it. */
export interface Unheard {
  kind: 'unheard';
}

export interface OutcomeProps {
  standing: Exclude<Standing, { kind: 'open' | 'challenge' }> | Unheard;
  /** It came about on this page, just now: then it is said, and the tick is drawn. */
  arrived: boolean;
  merchant: string;
  amount: string;
  cancelUrl: string | null;
}

/** What became of the payment: one page each, all in the same place. */
export function Outcome({ standing, arrived, merchant, amount, cancelUrl }: OutcomeProps) {
  const back =
    cancelUrl === null ? null : { href: cancelUrl, label: `Back to ${merchant}`, look: 'secondary' as const };
  switch (standing.kind) {
    case 'paid':
      return (
        <Panel
          arrived={arrived}
          sign={<Tick drawn={arrived} />}
          title={arrived ? 'Payment complete' : 'Already paid'}
          next={{ href: standing.returnUrl, label: `Return to ${merchant}`, look: 'primary' }}
        >
          <p className="text-ink-muted">
            {arrived
              ? `${merchant} has received your payment.`
              : 'Nothing more is charged, however often you come back.'}
          </p>
          <Receipt {...{ amount, merchant, standing }} />
          <PrintButton />
        </Panel>
      );
    case 'processing':
      return (
        <Panel
          arrived={arrived}
          sign={<Waiting />}
          title={arrived ? 'We are confirming your payment' : 'We are still confirming your payment'}
        >
          <p className="font-medium">Do not pay again. This page updates itself.</p>
          <p className="text-ink-muted">
            Your bank’s answer is late, so nobody can tell yet whether you were charged. We ask until we know: mostly
            this takes seconds, sometimes a few minutes.
          </p>
        </Panel>
      );
    case 'unheard':
      return (
        <Panel arrived={arrived} sign={<Waiting />} title="We are still finding out about your payment">
          <p className="font-medium">Do not pay again. This page updates itself.</p>
          <p className="text-ink-muted">
            It has had no answer yet, so it cannot tell whether you were charged. It goes on asking: leave it open.
          </p>
        </Panel>
      );
    case 'queued':
      return (
        <Panel arrived={arrived} sign={<Waiting />} title="We can’t reach the bank right now">
          <p className="font-medium">Your card has not been charged.</p>
          <p className="text-ink-muted">
            We keep trying until <LocalTime at={standing.until} />, and this page updates itself. You can close it and
            come back: it tells how it ended.
            {standing.email && ` ${merchant} can also reach you at ${standing.email}.`}
          </p>
        </Panel>
      );
    case 'review':
      return (
        <Panel arrived={arrived} sign={<Waiting />} title={`${merchant} is looking at your order`}>
          <p className="font-medium">You have not been charged yet.</p>
          <p className="text-ink-muted">
            {amount} is held on your card meanwhile. It is taken once {merchant} accepts the order, and let go if not.
            You can close this page and come back.
          </p>
        </Panel>
      );
    case 'expired':
      return (
        <Panel arrived={arrived} sign={<StruckCoin />} title="This checkout has closed" next={back}>
          <p className="text-ink-muted">You were not charged. Go back to {merchant} to start again.</p>
        </Panel>
      );
    case 'canceled':
      return (
        <Panel arrived={arrived} sign={<StruckCoin />} title="This order was canceled" next={back}>
          <p className="text-ink-muted">
            {merchant} called it off. You were not charged, and if your bank held the amount, it lets it go.
          </p>
        </Panel>
      );
    case 'unpayable':
      return (
        <Panel arrived={arrived} sign={<StruckCoin />} title="This order cannot be paid">
          <p className="text-ink-muted">You were not charged. Go back to the shop and start again.</p>
        </Panel>
      );
  }
}

function PrintButton() {
  return (
    <Button look="quiet" className="-mx-3.5 -mt-2 print:hidden" onClick={() => window.print()}>
      <Sign of="printer" size={16} />
      Print a receipt
    </Button>
  );
}
