import Link from 'next/link';
import { formatMoney } from '#server/kernel/money.ts';
import type { ShownEscalation } from '#server/trpc/escalation-view.ts';
import { Amount } from '../../ui/amount.tsx';
import { Badge } from '../../ui/badge.tsx';
import { CopyId } from '../../ui/copy-id.tsx';
import { statusTones, statusWords, whatHappened } from './escalation-words.ts';

/** The money at risk, large, and what happened to it in plain words. */
export function EscalationHead({ escalation }: { escalation: ShownEscalation }) {
  const { id, atRisk, currency, status } = escalation;
  return (
    <header className="mb-8 grid gap-4">
      <nav aria-label="Breadcrumb" className="flex items-center gap-1.5 text-13 text-ink-muted">
        <Link href="/admin/escalations" className="rounded-sm hover:text-ink">
          Escalations
        </Link>
        <span aria-hidden="true">/</span>
        <CopyId id={id} />
      </nav>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <h1 className="text-28 font-semibold">
          <Amount value={atRisk} currency={currency} /> {status === 'closed' ? 'was' : 'is'} at risk
        </h1>
        <Badge tone={statusTones[status]} size="lg">
          {statusWords[status]}
        </Badge>
      </div>
      <p className="max-w-170 text-14">
        {whatHappened(escalation, formatMoney({ amount: atRisk, currency }))}
        {status !== 'closed' && ' Florin goes on asking; if the answer comes after all, this closes by itself.'}
      </p>
    </header>
  );
}
