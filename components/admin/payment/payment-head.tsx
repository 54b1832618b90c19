import Link from 'next/link';
import type { ShownEscalation } from '#server/trpc/escalation-view.ts';
import type { ShownEntry, ShownPayment } from '#server/trpc/payment-view.ts';
import { Amount } from '../../ui/amount.tsx';
import { StateBadge } from '../../ui/badge.tsx';
import { CopyId } from '../../ui/copy-id.tsx';
import { words } from '../../ui/words.ts';
import { CaptureButton } from './capture-button.tsx';
import { EscalationNote } from './escalation-note.tsx';
import { isUnclosed } from './operation-tone.ts';
import { QueuedNote } from './queued-note.tsx';
import { RefundButton } from './refund-button.tsx';
import { Review } from './review.tsx';
import { VoidButton } from './void-button.tsx';
import { WaitingNote } from './waiting-note.tsx';

/** What this person may do here; a procedure asks again. */
export interface Can {
  capture: boolean;
  void: boolean;
  refund: boolean;
  review: boolean;
}

/** Amount and state, large; what is wrong; what can be done. */
export function PaymentHead({
  payment,
  entries,
  escalations,
  can,
}: {
  payment: ShownPayment;
  entries: ShownEntry[];
  escalations: ShownEscalation[];
  can: Can;
}) {
  const waiting = payment.operations.filter(({ status }) => isUnclosed(status));
  return (
    <header className="mb-8 grid gap-4">
      <nav aria-label="Breadcrumb" className="flex items-center gap-1.5 text-13 text-ink-muted">
        <Link href="/admin/payments" className="rounded-sm hover:text-ink">
          Payments
        </Link>
        <span aria-hidden="true">/</span>
        <CopyId id={payment.id} />
      </nav>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <h1 className="text-28 font-semibold">
          <Amount value={payment.amount} currency={payment.currency} />
        </h1>
        <StateBadge state={payment.state} size="lg" />
        <div className="flex gap-2 sm:ml-auto">
          {can.capture && <CaptureButton payment={payment} />}
          {can.void && <VoidButton payment={payment} />}
          {can.refund && <RefundButton payment={payment} />}
        </div>
      </div>
      {escalations.map((escalation) => (
        <EscalationNote key={escalation.id} escalation={escalation} />
      ))}
      {payment.queuedUntil && <QueuedNote until={payment.queuedUntil} />}
      {payment.review === 'open' && <Review payment={payment} entries={entries} can={can.review} />}
      {waiting.map((operation) => (
        <WaitingNote key={operation.id} operation={operation} currency={payment.currency} />
      ))}
      {payment.state === 'failed' && (
        <p className="text-14 text-bad">
          {words(payment.failureCode ?? 'failed')}
          {payment.failureMessage && <span className="text-ink-muted"> · {payment.failureMessage}</span>}
        </p>
      )}
    </header>
  );
}
