import Link from 'next/link';
import type { ReactNode } from 'react';
import type { WebhookReason } from '#server/webhooks/webhooks.ts';
import { chipClass } from '../../ui/chip.tsx';
import { reasonWords } from './webhook-words.ts';
import { type WebhookFilters, webhooksAddress } from './webhooks-address.ts';

const verdicts = { rejected: 'Rejected', accepted: 'Accepted', waiting: 'Waiting' } as const;

/** Which webhooks: by verdict, by provider, and by the reasons that occurred in the last day. */
export function WebhooksFilter({
  filters,
  providers,
  rejected,
}: {
  filters: WebhookFilters;
  providers: string[];
  rejected: { reason: WebhookReason; times: number }[];
}) {
  const { verdict, provider, reason } = filters;
  const keep = { ...(provider ? { provider } : {}) };
  return (
    <div className="grid gap-2">
      <nav aria-label="Which webhooks" className="flex flex-wrap gap-2">
        <Which to={keep} on={!verdict && !reason}>
          All
        </Which>
        {Object.entries(verdicts).map(([name, says]) => (
          <Which key={name} to={{ ...keep, verdict: name }} on={verdict === name && !reason}>
            {says}
          </Which>
        ))}
        <span aria-hidden="true" className="mx-1 hidden w-px self-stretch bg-line sm:block" />
        {providers.map((name) => {
          const { provider: _, ...others } = filters;
          return (
            <Which key={name} to={provider === name ? others : { ...filters, provider: name }} on={provider === name}>
              {name}
            </Which>
          );
        })}
      </nav>
      {rejected.length > 0 && (
        <nav aria-label="Rejected in the last 24 hours" className="flex flex-wrap items-center gap-2">
          <span className="text-13 text-ink-muted">Rejected in 24 hours</span>
          {rejected.map((one) => (
            <Which key={one.reason} to={{ ...keep, reason: one.reason }} on={reason === one.reason}>
              {reasonWords[one.reason]} <span className="tabular-nums">{one.times.toLocaleString('en')}</span>
            </Which>
          ))}
        </nav>
      )}
    </div>
  );
}

function Which({ to, on, children }: { to: WebhookFilters; on: boolean; children: ReactNode }) {
  return (
    <Link href={webhooksAddress(to)} aria-current={on ? 'page' : undefined} className={chipClass(on)}>
      {children}
    </Link>
  );
}
