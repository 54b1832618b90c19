'use client';

import { signIn } from 'next-auth/react';
import { type FormEvent, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';

const says: Record<string, string> = {
  CredentialsSignin: 'Email or password is wrong.',
  throttled: 'Too many attempts. Try again in 30 minutes.',
};

const otherwise = 'We could not sign you in just now. Try again in a moment.';

/** @param next  Where to go then; anything but a page of the console is ignored. */
export function SignInForm({ next }: { next: string | undefined }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const typed = new FormData(form);
    setBusy(true);
    setError(undefined);
    const answer = await signIn('credentials', {
      redirect: false,
      email: String(typed.get('email')),
      password: String(typed.get('password')),
    }).catch(() => undefined);
    if (answer?.ok && !answer.error) return location.assign(inConsole(next));
    setBusy(false);
    setError(says[answer?.error ?? ''] ?? otherwise);
    form.querySelector<HTMLInputElement>('[name=password]')?.select();
  }

  // By POST even where no script runs yet: a form's default would write the password into the address.
  return (
    <form method="post" action="/api/auth/callback/credentials" onSubmit={submit} className="grid gap-4">
      <Field label="Email" name="email" type="email" autoComplete="username" required autoFocus />
      <Field label="Password" name="password" type="password" autoComplete="current-password" required />
      <p role="alert" className="text-13 text-bad empty:hidden">
        {error}
      </p>
      <Button type="submit" look="primary" busy={busy}>
        Sign in
      </Button>
    </form>
  );
}

function inConsole(next: string | undefined): string {
  const target = next && URL.canParse(next, location.origin) ? new URL(next, location.origin) : undefined;
  const ours = target?.origin === location.origin && target.pathname.startsWith('/admin/');
  return ours ? `${target.pathname}${target.search}` : '/admin';
}
