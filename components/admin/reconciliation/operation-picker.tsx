'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatMoney } from '#server/kernel/money.ts';
import { useTRPC } from '../../trpc.tsx';
import { Choice } from '../../ui/choice.tsx';
import { Field } from '../../ui/field.tsx';
import { exact } from '../../ui/time.ts';
import { words } from '../../ui/words.ts';

/** Which capture or refund of ours a line is: found by its payment. */
export function OperationPicker({
  value,
  onChange,
}: {
  value: string | undefined;
  onChange: (operationId: string | undefined) => void;
}) {
  const [payment, setPayment] = useState('');
  const whole = /^ch_\w{22}$/.test(payment);
  const question = useTRPC().differences.candidates.queryOptions({ payment }, { enabled: whole, retry: false });
  const { data, error } = useQuery(question);
  const choices = Object.fromEntries(
    (data ?? []).map(({ id, kind, amount, currency, status, openedAt }) => [
      id,
      {
        says: `${words(kind)} of ${formatMoney({ amount, currency })}`,
        follows: `${words(status)}, ${exact(openedAt)}`,
      },
    ]),
  );
  return (
    <div className="grid gap-4">
      <Field
        label="Payment"
        value={payment}
        onChange={(event) => {
          setPayment(event.target.value.trim());
          onChange(undefined);
        }}
        placeholder="ch_…"
        autoComplete="off"
        spellCheck={false}
        maxLength={60}
        hint="Its whole id, as its page shows it."
        error={whole && error ? error.message : undefined}
      />
      {data && data.length > 0 && (
        <Choice label="Which operation is it?" choices={choices} value={value} onChange={onChange} />
      )}
      {data?.length === 0 && (
        <p className="text-13 text-ink-muted">Nothing of this payment was captured or refunded.</p>
      )}
    </div>
  );
}
