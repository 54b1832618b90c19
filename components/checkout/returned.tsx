'use client';

import { useEffect, useState } from 'react';
import { Spinner } from '../ui/spinner.tsx';
import { Message } from './message.tsx';
import { checkoutOf, type Returned } from './way-back.ts';

/**
 * Where a bank's page ends. In the checkout's frame it tells the checkout; in a window of its own it goes on to the
 * checkout that this tab came from. It neither knows nor shows anything of the payment.
 */
export function ReturnedFromBank({ shownId }: { shownId: string }) {
  const [lost, setLost] = useState(false);
  useEffect(() => {
    if (window.parent !== window) {
      const message: Returned = { florin: 'returned', nonce: window.name };
      window.parent.postMessage(message, window.location.origin);
      return;
    }
    const checkout = checkoutOf(shownId);
    if (checkout) window.location.replace(checkout);
    else setLost(true);
  }, [shownId]);
  if (lost) {
    return (
      <Message title="Go back to your checkout">
        Your bank is done. The page where you entered your card shows what became of the payment and updates itself. Do
        not pay again before it has told you.
      </Message>
    );
  }
  return (
    <main className="grid min-h-dvh place-items-center bg-surface text-ink-muted">
      <p role="status" className="flex items-center gap-2.5 text-16">
        <Spinner />
        Back to your payment
      </p>
    </main>
  );
}
