'use client';

import { useState } from 'react';
import { formatMoney, plainAmount } from '#server/kernel/money.ts';
import type { RefundReason } from '#server/payments/view.ts';
import type { ShownPayment } from '#server/trpc/payment-view.ts';
import { useTRPCClient } from '../../trpc.tsx';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { cardInWords } from '../card-short.tsx';
import { MoneyDialog } from './money-dialog.tsx';
import { readAmount } from './typed-amount.ts';
import { useAct } from './use-act.ts';

const reasons = {
  requested_by_customer: 'Requested by the customer',
  duplicate: 'Paid twice',
  fraudulent: 'Fraudulent',
  other: 'Other',
} as const satisfies Record<RefundReason, string>;

export function RefundButton({ payment }: { payment: ShownPayment }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Refund</Button>
      {open && <RefundDialog payment={payment} onClose={() => setOpen(false)} />}
    </>
  );
}

function RefundDialog({ payment, onClose }: { payment: ShownPayment; onClose: () => void }) {
  const { id, version, currency, refundable, captured, card } = payment;
  const client = useTRPCClient();
  const [text, setText] = useState(() => plainAmount({ amount: refundable, currency }));
  const [reason, setReason] = useState<RefundReason>('requested_by_customer');
  const [note, setNote] = useState('');
  const amount = readAmount(text, { most: refundable, currency });
  const money = (value: bigint) => formatMoney({ amount: value, currency });
  const act = useAct(client.payment.refund.mutate, version, onClose);
  const noteMissing = reason === 'other' && note.trim() === '';
  return (
    <MoneyDialog
      title="Refund"
      sentence={`Refund ${amount.value ? money(amount.value) : 'a part'} of ${money(captured)} to ${cardInWords(card)}. It usually arrives in 5 to 10 business days.`}
      action={amount.value ? `Refund ${money(amount.value)}` : 'Refund'}
      busy={act.busy}
      ready={amount.value !== undefined && !noteMissing}
      failure={act.failure}
      onClose={onClose}
      onSend={() => act.send({ id, amount: amount.value, reason, note: note.trim() || undefined })}
    >
      <Field
        label={`Amount in ${currency}`}
        value={text}
        onChange={(event) => setText(event.target.value)}
        inputMode="decimal"
        autoComplete="off"
        error={amount.error}
        hint={`${money(refundable - (amount.value ?? 0n))} can still be refunded after this.`}
        onFocus={(event) => event.target.select()}
      />
      <Select
        label="Reason"
        value={reason}
        onChange={(event) => setReason(event.target.value as RefundReason)}
        choices={reasons}
      />
      <Field
        label="Note"
        optional={reason !== 'other'}
        value={note}
        onChange={(event) => setNote(event.target.value)}
        maxLength={500}
        hint={reason === 'other' ? 'Say why, for whoever reads the timeline.' : undefined}
      />
    </MoneyDialog>
  );
}
