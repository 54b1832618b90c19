'use client';

import { useState } from 'react';
import { formatMoney } from '#server/kernel/money.ts';
import type { ShownPayment } from '#server/trpc/payment-view.ts';
import { useTRPCClient } from '../../trpc.tsx';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/select.tsx';
import { cardInWords } from '../card-short.tsx';
import { MoneyDialog } from './money-dialog.tsx';
import { useAct } from './use-act.ts';

const reasons = {
  requested_by_customer: 'Requested by the customer',
  abandoned: 'Not needed any more',
  duplicate: 'Paid twice',
  fraudulent: 'Fraudulent',
} as const;

type Reason = keyof typeof reasons;

export function VoidButton({ payment }: { payment: ShownPayment }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Void</Button>
      {open && <VoidDialog payment={payment} onClose={() => setOpen(false)} />}
    </>
  );
}

function VoidDialog({ payment, onClose }: { payment: ShownPayment; onClose: () => void }) {
  const { id, version, currency, authorized, card } = payment;
  const client = useTRPCClient();
  const [reason, setReason] = useState<Reason>('requested_by_customer');
  const act = useAct(client.payment.void.mutate, version, onClose);
  return (
    <MoneyDialog
      title="Void"
      sentence={`Release ${formatMoney({ amount: authorized, currency })} to ${cardInWords(card)}. The payment ends, and nothing can be captured from it any more.`}
      action="Void payment"
      look="danger"
      busy={act.busy}
      ready
      failure={act.failure}
      onClose={onClose}
      onSend={() => act.send({ id, reason })}
    >
      <Select
        label="Reason"
        value={reason}
        onChange={(event) => setReason(event.target.value as Reason)}
        choices={reasons}
      />
    </MoneyDialog>
  );
}
