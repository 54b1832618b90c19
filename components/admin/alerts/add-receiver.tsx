'use client';

import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState, useTransition } from 'react';
import type { ChannelName } from '#server/alerts/alerts.ts';
import { useTRPC } from '../../trpc.tsx';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { channelWords } from './alert-words.ts';

const addresses = {
  email: { label: 'E-mail address', placeholder: 'ops@example.com' },
  webhook: { label: 'Address', placeholder: 'https://example.com/alerts' },
  pagerduty: { label: 'Service', placeholder: 'Payments on call' },
} as const satisfies Record<ChannelName, object>;

const secrets = {
  webhook: {
    label: 'Signing secret',
    hint: 'Made here, by your browser. Copy it to where the webhook is verified: it is not shown again.',
  },
  pagerduty: { label: 'Integration key', hint: 'Of an Events API v2 integration. It is not shown again.' },
} as const;

/** Names one more place where people are told. Sent twice it is one. */
export function AddReceiver() {
  const [channel, setChannel] = useState<ChannelName>('email');
  const [address, setAddress] = useState('');
  const [secret, setSecret] = useState('');
  const { add, busy, failure } = useAdd(() => {
    setAddress('');
    setSecret(channel === 'webhook' ? newSecret() : '');
  });
  function choose(next: ChannelName) {
    setChannel(next);
    setSecret(next === 'webhook' ? newSecret() : '');
  }
  function send(event: FormEvent) {
    event.preventDefault();
    add({ channel, address, ...(channel !== 'email' && { secret }) });
  }
  const asked = channel === 'email' ? undefined : secrets[channel];
  return (
    <form onSubmit={send} method="post" className="grid content-start gap-4">
      <h2 className="text-16 font-semibold">Tell somebody</h2>
      <Select
        label="By"
        value={channel}
        onChange={(event) => choose(event.target.value as ChannelName)}
        choices={channelWords}
      />
      <Field
        {...addresses[channel]}
        required
        value={address}
        onChange={(event) => setAddress(event.target.value)}
        error={failure?.param === 'secret' ? undefined : failure?.says}
      />
      {asked && (
        <Field
          {...asked}
          required
          spellCheck={false}
          autoComplete="off"
          className="font-mono"
          value={secret}
          onChange={(event) => setSecret(event.target.value)}
          error={failure?.param === 'secret' ? failure.says : undefined}
        />
      )}
      <Button type="submit" look="primary" busy={busy}>
        Add
      </Button>
    </form>
  );
}

function useAdd(done: () => void) {
  const router = useRouter();
  const [renewing, renew] = useTransition();
  const { mutate, isPending, error } = useMutation(
    useTRPC().alerts.addReceiver.mutationOptions({
      onSuccess: () =>
        renew(() => {
          router.refresh();
          done();
        }),
    }),
  );
  const failure = error && { says: error.message, param: error.data?.param };
  return { add: mutate, busy: isPending || renewing, failure };
}

/** 256 random bits, as Standard Webhooks writes them. */
function newSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return `whsec_${btoa(String.fromCharCode(...bytes))}`;
}
