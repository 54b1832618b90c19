'use client';

import { useRef, useState } from 'react';
import type { Standing } from '#server/checkout/view.ts';
import { ClosingSoon } from './closing-soon.tsx';
import { Outcome } from './outcome.tsx';
import { PayForm } from './pay-form.tsx';
import { usePayment } from './use-payment.ts';
import { useStanding } from './use-standing.ts';

export interface CheckoutProps {
  /** The id in the page's address: the shopper's proof of being allowed here. */
  session: string;
  frameUrl: string;
  merchant: string;
  /** As it is shown: "€12.50". */
  amount: string;
  email: string | null;
  expiresAt: Date;
  cancelUrl: string | null;
  initial: Standing;
}

/** The payment's half of the page: the form while it can be paid, and what became of it once it was. */
export function Checkout({ session, initial, expiresAt, ...rest }: CheckoutProps) {
  const [busy, setBusy] = useState(false);
  // While an attempt of this page is under way its own answer tells, and not what is asked on the side.
  const { standing, learn, ask } = useStanding(session, { initial, expiresAt, paused: busy });
  const [first] = useState(initial.kind);
  if (standing.kind !== 'open' && !busy)
    return <Outcome {...rest} standing={standing} arrived={first !== standing.kind} />;
  return <Paying {...rest} {...{ session, expiresAt, standing, learn, ask, busy, setBusy }} />;
}

type PayingProps = Omit<CheckoutProps, 'initial' | 'cancelUrl'> &
  ReturnType<typeof useStanding> & { busy: boolean; setBusy: (busy: boolean) => void };

function Paying({ merchant, amount, email, expiresAt, standing, busy, ...rest }: PayingProps) {
  const form = useRef<HTMLFormElement>(null);
  const { frame, trouble, press } = usePayment({ ...rest, onEnter: () => form.current?.requestSubmit() });
  const declined = standing.kind === 'open' ? standing.declined : null;
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
