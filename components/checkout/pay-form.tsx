'use client';

import { type FormEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { Field } from '../ui/field.tsx';
import { Sign } from '../ui/sign.tsx';
import { CardFields } from './card-fields.tsx';
import type { Trouble } from './failure.ts';
import { PayButton } from './pay-button.tsx';
import { TroubleNote } from './trouble-note.tsx';
import type { CardFrame } from './use-card-frame.ts';

interface PayFormProps {
  form: RefObject<HTMLFormElement | null>;
  merchant: string;
  amount: string;
  email: string | null;
  frame: CardFrame;
  busy: boolean;
  trouble: Trouble | null;
  onPay: (email: string) => void;
}

/** E-mail, card, button. Native checks are off: they speak the browser's language and vanish after seconds. */
export function PayForm({ form, merchant, amount, email, frame, busy, trouble, onPay }: PayFormProps) {
  const [address, setAddress] = useState(email ?? '');
  const [wrong, setWrong] = useState<string>();
  const field = useRef<HTMLInputElement>(null);

  function submit(event: FormEvent) {
    event.preventDefault();
    const fault = faultOf(address);
    setWrong(fault);
    if (fault) field.current?.focus();
    else if (!busy && frame.state === 'ready') onPay(address.trim());
  }

  return (
    <form
      ref={form}
      method="post"
      noValidate
      data-needs-script
      onSubmit={submit}
      aria-busy={busy}
      className="grid gap-5"
    >
      <div>
        <h2 className="text-20 font-semibold">Pay by card</h2>
        <TroubleNote trouble={trouble} />
      </div>
      <Field
        ref={field}
        size="lg"
        label="E-mail"
        name="email"
        type="email"
        inputMode="email"
        autoComplete="email"
        spellCheck={false}
        required
        maxLength={254}
        readOnly={busy}
        value={address}
        error={wrong}
        onChange={({ target }) => {
          setAddress(target.value);
          if (wrong) setWrong(faultOf(target.value));
        }}
        onBlur={() => address && setWrong(faultOf(address))}
      />
      <CardFields frame={frame} />
      <div className="grid gap-3">
        <PayButton amount={amount} busy={busy} ready={frame.state === 'ready'} />
        <Progress busy={busy} />
        <p className="flex items-start gap-2 text-13 text-ink-muted">
          <Sign of="lock" size={14} className="mt-0.75 shrink-0" />
          Your card goes straight into a vault of its own. {merchant} does not see its number.
        </p>
      </div>
    </form>
  );
}

const slowAfter = 6_000;

/** Says that it goes on, for those who don't see the button and for those who begin to wonder. */
function Progress({ busy }: { busy: boolean }) {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    setSlow(false);
    if (!busy) return;
    const timer = setTimeout(() => setSlow(true), slowAfter);
    return () => clearTimeout(timer);
  }, [busy]);
  return (
    <p role="status" className={slow ? 'text-14 text-ink' : 'sr-only'}>
      {busy && (slow ? 'This takes longer than usual. Leave this page open.' : 'Paying')}
    </p>
  );
}

function faultOf(address: string): string | undefined {
  if (address.trim() === '') return 'Enter your e-mail address.';
  if (/^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]{2,}$/.test(address.trim())) return undefined;
  return 'Enter a whole e-mail address, such as ada@example.com.';
}
