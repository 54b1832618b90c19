'use client';

import { Printer } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import type { Standing } from '#server/checkout/view.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { Receipt } from './receipt.tsx';
import { StruckCoin, Tick } from './tick.tsx';

interface OutcomeProps {
  standing: Exclude<Standing, { kind: 'open' }>;
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
        <Panel arrived={arrived} sign={<Waiting />} title="We are confirming your payment" next={null}>
          <p className="font-medium">Do not pay again. This page updates itself.</p>
          <p className="text-ink-muted">
            Your bank has not answered yet. Mostly this takes seconds, sometimes a few minutes.
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
        <Panel arrived={arrived} sign={<StruckCoin />} title="This order cannot be paid" next={null}>
          <p className="text-ink-muted">You were not charged. Go back to the shop and start again.</p>
        </Panel>
      );
  }
}

interface PanelProps {
  arrived: boolean;
  sign: ReactNode;
  title: string;
  next: { href: string; label: string; look: 'primary' | 'secondary' } | null;
  children: ReactNode;
}

function Panel({ arrived, sign, title, next, children }: PanelProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  // What had the focus is gone; whoever listens or uses the keyboard goes on from here.
  useEffect(() => {
    if (arrived) heading.current?.focus();
  }, [arrived]);
  return (
    <section className="grid justify-items-start gap-3" aria-live="polite">
      {sign}
      <h2 ref={heading} tabIndex={-1} className="text-20 font-semibold outline-none">
        {title}
      </h2>
      {children}
      {next && (
        <a href={next.href} className={`mt-3 w-full print:hidden ${buttonClass({ look: next.look, size: 'lg' })}`}>
          {next.label}
        </a>
      )}
    </section>
  );
}

function PrintButton() {
  return (
    <Button look="quiet" className="-mx-3.5 -mt-2 print:hidden" onClick={() => window.print()}>
      <Printer size={16} aria-hidden="true" />
      Print a receipt
    </Button>
  );
}

function Waiting() {
  return (
    <span className="mb-1 text-accent">
      <Spinner size={44} />
    </span>
  );
}
