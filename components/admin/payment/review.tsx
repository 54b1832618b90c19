'use client';

import { useState } from 'react';
import { formatMoney } from '#server/kernel/money.ts';
import type { ShownEntry, ShownPayment } from '#server/trpc/payment-view.ts';
import { useTRPCClient } from '../../trpc.tsx';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { cardInWords } from '../card-short.tsx';
import { MoneyDialog } from './money-dialog.tsx';
import { riskOf } from './risk-of.ts';
import { useAct } from './use-act.ts';
import { Note } from './waiting-note.tsx';

type Verdict = 'approve' | 'reject';

/** Risk wants a person to look: why, and the two ways on. Until then the money is held and nothing is captured. */
export function Review({ payment, entries, can }: { payment: ShownPayment; entries: ShownEntry[]; can: boolean }) {
  const [asking, setAsking] = useState<Verdict>();
  const risk = riskOf(entries);
  return (
    <section aria-labelledby="review">
      <Note tone="wait">
        <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
          <div className="grid gap-1">
            <h2 id="review" className="font-semibold">
              Held for review
              {risk.score !== undefined && (
                <span className="font-normal text-ink-muted"> · risk score {risk.score} of 100</span>
              )}
            </h2>
            {risk.reasons.length > 0 && (
              <ul className="list-disc pl-4">
                {risk.reasons.map((reason) => (
                  <li key={reason}>{reason}</li>
                ))}
              </ul>
            )}
            <p className="text-ink-muted">
              {can
                ? 'The card is held, and nothing is taken before somebody has decided.'
                : 'The card is held. It takes an owner or somebody from finance to decide.'}
            </p>
          </div>
          {can && (
            <div className="flex gap-2">
              <Button onClick={() => setAsking('reject')}>Reject</Button>
              <Button look="primary" onClick={() => setAsking('approve')}>
                Approve
              </Button>
            </div>
          )}
        </div>
      </Note>
      {asking && <ReviewDialog payment={payment} verdict={asking} onClose={() => setAsking(undefined)} />}
    </section>
  );
}

function ReviewDialog({
  payment: { id, version, authorized, currency, card, captureMethod },
  verdict,
  onClose,
}: {
  payment: ShownPayment;
  verdict: Verdict;
  onClose: () => void;
}) {
  const client = useTRPCClient();
  const [note, setNote] = useState('');
  const act = useAct(client.payment.review.mutate, version, onClose);
  const money = formatMoney({ amount: authorized, currency });
  const sentences = {
    approve:
      captureMethod === 'automatic'
        ? `Take ${money} from ${cardInWords(card)}. The order is fulfilled after that.`
        : `Let ${money} from ${cardInWords(card)} be captured. It stays held until somebody does.`,
    reject: `Release ${money} to ${cardInWords(card)}. The payment ends, and nothing can be captured from it any more.`,
  };
  return (
    <MoneyDialog
      title={verdict === 'approve' ? 'Approve' : 'Reject'}
      sentence={sentences[verdict]}
      action={verdict === 'approve' ? 'Approve payment' : 'Reject payment'}
      look={verdict === 'approve' ? 'primary' : 'danger'}
      busy={act.busy}
      ready
      failure={act.failure}
      onClose={onClose}
      onSend={() => act.send({ id, verdict, note: note.trim() || undefined })}
    >
      <Field
        label="Note"
        optional
        value={note}
        onChange={(event) => setNote(event.target.value)}
        maxLength={500}
        hint="What you looked at, for whoever reads the timeline."
      />
    </MoneyDialog>
  );
}
