'use client';

import { Message } from '#components/checkout/message.tsx';
import { Button } from '#components/ui/button.tsx';
import { CopyId } from '#components/ui/copy-id.tsx';

/** Shown before anything could be paid on this visit; what an earlier one did, the next try will tell. */
export default function CheckoutError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <Message
      title="This checkout could not be shown"
      action={
        <Button size="lg" look="primary" onClick={reset}>
          Try again
        </Button>
      }
    >
      <p>Nothing was charged by opening it. If you have paid already, that stands.</p>
      {error.digest && (
        <p className="mt-3 flex items-center justify-center gap-2 text-13">
          Request <CopyId id={error.digest} />
        </p>
      )}
    </Message>
  );
}
