'use client';

import { useState } from 'react';
import { formatMoney, plainAmount } from '#server/kernel/money.ts';
import type { ShownPayment } from '#server/trpc/payment-view.ts';
import { useTRPCClient } from '../../trpc.tsx';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { cardInWords } from '../card-short.tsx';
import { MoneyDialog } from './money-dialog.tsx';
import { readAmount } from './typed-amount.ts';
import { useAct } from './use-act.ts';

export function CaptureButton({ payment }: { payment: ShownPayment }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button look="primary" onClick={() => setOpen(true)}>
        Capture
      </Button>
      {open && <CaptureDialog payment={payment} onClose={() => setOpen(false)} />}
    </>
  );
}

function CaptureDialog({ payment, onClose }: { payment: ShownPayment; onClose: () => void }) {
  const { id, version, currency, authorized, card } = payment;
  const client = useTRPCClient();
  const [text, setText] = useState(() => plainAmount({ amount: authorized, currency }));
  const [reason, setReason] = useState('');
  const amount = readAmount(text, { most: authorized, currency });
  const money = (value: bigint) => formatMoney({ amount: value, currency });
  const rest = amount.value === undefined ? 0n : authorized - amount.value;
  const act = useAct(client.payment.capture.mutate, version, onClose);
  return (
    <MoneyDialog
      title="Capture"
      sentence={`Capture ${amount.value ? money(amount.value) : 'a part'} of ${money(authorized)} from ${cardInWords(card)}. A payment is captured once.`}
      action={amount.value ? `Capture ${money(amount.value)}` : 'Capture'}
      busy={act.busy}
      ready={amount.value !== undefined}
      failure={act.failure}
      onClose={onClose}
      onSend={() => act.send({ id, amount: amount.value, reason: reason.trim() || undefined })}
    >
      <Field
        label={`Amount in ${currency}`}
        value={text}
        onChange={(event) => setText(event.target.value)}
        inputMode="decimal"
        autoComplete="off"
        error={amount.error}
        hint={
          rest > 0n
            ? `The other ${money(rest)} is released to the shopper for good.`
            : 'All of it: nothing is released.'
        }
        onFocus={(event) => event.target.select()}
      />
      <Field
        label="Reason"
        optional
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        maxLength={500}
      />
    </MoneyDialog>
  );
}
