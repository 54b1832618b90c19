'use client';

import { useEffect, useRef, useState } from 'react';
import type { Standing } from '#server/checkout/view.ts';
import { ClosingSoon } from './closing-soon.tsx';
import { Later } from './later.tsx';
import { PayForm } from './pay-form.tsx';
import { usePayment } from './use-payment.ts';
import { useStanding } from './use-standing.ts';

export interface CheckoutProps {
  /** The id in the page's address: the shopper's proof of being allowed here. */
  session: string;
  frameUrl: string;
  /** Origins of banks' pages that may be framed here. */
  frames: string[];
  merchant: string;
  /** As it is shown: "€12.50". */
  amount: string;
  email: string | null;
  expiresAt: Date;
  cancelUrl: string | null;
  initial: Standing;
  /** The shopper comes from their bank's page. */
  returned: boolean;
}

/** The payment's half of the page: the form while it can be paid, and what became of it once it was. */
export function Checkout({ session, initial, expiresAt, frames, returned, ...rest }: CheckoutProps) {
  const [busy, setBusy] = useState(false);
  const [unheard, setUnheard] = useState(false);
  // While an attempt of this page is under way its own answer tells, and not what is asked on the side.
  const { back, giveUp, ...asked } = useStanding(session, { initial, expiresAt, paused: busy });
  const { standing } = asked;
  const [first] = useState(returned ? undefined : initial.kind);
  // A reload is no second return.
  useEffect(() => {
    if (returned) window.history.replaceState(window.history.state, '', window.location.pathname);
  }, [returned]);
  const challenged = standing.kind === 'challenge';
  const shown = standing.kind === 'open' && unheard ? ({ kind: 'unheard' } as const) : standing;
  return (
    <>
      {shown.kind !== 'open' && (challenged || unheard || !busy) && (
        <Later
          {...{ session, frames, back, giveUp }}
          {...{ merchant: rest.merchant, amount: rest.amount, cancelUrl: rest.cancelUrl }}
          standing={shown}
          arrived={first !== shown.kind}
          // A challenge that a press on this page has led to is another one.
          returned={returned && !busy}
        />
      )}
      {(standing.kind === 'open' || busy) && (
        // What was typed is kept while the bank looks at the shopper, or nobody knows: it may have to be paid again.
        <div hidden={challenged || unheard}>
          <Paying {...rest} {...asked} {...{ session, expiresAt, busy, setBusy, setUnheard }} />
        </div>
      )}
    </>
  );
}

type PayingProps = Omit<CheckoutProps, 'initial' | 'cancelUrl' | 'frames' | 'returned'> &
  Omit<ReturnType<typeof useStanding>, 'back' | 'giveUp'> &
  Pick<Parameters<typeof usePayment>[0], 'setBusy' | 'setUnheard'> & { busy: boolean };

function Paying({ merchant, amount, email, expiresAt, standing, busy, ...rest }: PayingProps) {
  const form = useRef<HTMLFormElement>(null);
  const { frame, trouble, press, settle } = usePayment({ ...rest, onEnter: () => form.current?.requestSubmit() });
  const declined = standing.kind === 'open' ? standing.declined : null;
  useWhenOver(standing, settle);
  return (
    <>
      <ClosingSoon at={expiresAt} />
      <PayForm
        {...{ form, merchant, amount, email, frame, busy }}
        trouble={busy ? null : (trouble ?? declined)}
        onPay={(address) => void press(address)}
      />
    </>
  );
}

/** Calls once a challenge that was seen here has come to an end. */
function useWhenOver(standing: Standing, over: (standing: Standing) => Promise<void>) {
  const before = useRef(standing.kind);
  const latest = useRef(over);
  latest.current = over;
  useEffect(() => {
    if (before.current === 'challenge' && standing.kind !== 'challenge') void latest.current(standing);
    before.current = standing.kind;
  }, [standing]);
}
