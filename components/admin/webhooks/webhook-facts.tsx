import Link from 'next/link';
import type { ShownWebhook } from '#server/trpc/webhooks.ts';
import { CopyId } from '../../ui/copy-id.tsx';
import { shorten } from '../../ui/shorten.ts';
import { exact } from '../../ui/time.ts';
import { Fact, FactList } from '../fact.tsx';

/** Who sent it, when, and what it is about. */
export function WebhookFacts({ webhook }: { webhook: ShownWebhook }) {
  const { id, provider, paymentId, eventId, address, times, receivedAt, lastReceivedAt, signedAt, settledAt } = webhook;
  return (
    <FactList title="Details">
      <Fact name="Provider">{provider}</Fact>
      {paymentId && (
        <Fact name="Payment">
          <Link
            href={`/admin/payments/${paymentId}`}
            className="rounded-sm font-mono text-12 underline underline-offset-2"
          >
            {shorten(paymentId)}
          </Link>
        </Fact>
      )}
      {eventId && (
        <Fact name="Event at the provider">
          <CopyId id={eventId} />
        </Fact>
      )}
      <Fact name="From">
        <span className="font-mono text-12">{address}</span>
      </Fact>
      {signedAt && <Fact name="Signed">{exact(signedAt)}</Fact>}
      <Fact name="Received">{exact(receivedAt)}</Fact>
      {times > 1 && <Fact name={`Sent ${times} times, last`}>{exact(lastReceivedAt)}</Fact>}
      {settledAt && <Fact name="Dealt with">{exact(settledAt)}</Fact>}
      <Fact name="Answered with">HTTP {webhook.answered}</Fact>
      <Fact name="Id">
        <CopyId id={id} />
      </Fact>
    </FactList>
  );
}
