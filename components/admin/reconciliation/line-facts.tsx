import Link from 'next/link';
import type { ReactNode } from 'react';
import type { ShownLine } from '#server/trpc/reconciliation-view.ts';
import { CopyId } from '../../ui/copy-id.tsx';
import { shorten } from '../../ui/shorten.ts';
import { exact } from '../../ui/time.ts';
import { Fact, FactList } from '../fact.tsx';
import { lineWords } from './reconciliation-words.ts';
import { SignedAmount } from './signed-amount.tsx';

/** What a line says, in our words. */
export function LineFacts({ line }: { line: ShownLine }) {
  const { kind, amount, fee, net, currency, occurredAt } = line;
  return (
    <FactList title={`${line.provider} says`}>
      <Fact name="Kind">{lineWords[kind]}</Fact>
      <Fact name="Amount">
        <SignedAmount value={amount} currency={currency} />
      </Fact>
      <Fact name="Fee">
        <SignedAmount value={fee} currency={currency} />
      </Fact>
      <Fact name="Adds to the payout">
        <SignedAmount value={net} currency={currency} />
      </Fact>
      <Fact name="Took place">{exact(occurredAt)}</Fact>
      <IdFact name="Its id there" id={line.ref} />
      <IdFact name="The capture’s id" id={line.captureRef} />
      <IdFact name="Our key" id={line.key} />
      <IdFact name="Our reference" id={line.reference} />
      <IdFact name="Payout" id={line.payoutRef} />
    </FactList>
  );
}

/** What of ours it was matched with, and what became of it. */
export function LineMatch({ line }: { line: ShownLine }) {
  const { paymentId, operationId, rule, matchedAt, postedAt } = line;
  return (
    <FactList title="Our books">
      <Fact name="Payment">{paymentId ? <PaymentLink id={paymentId} /> : <None />}</Fact>
      <Fact name="Operation">{operationId ? <CopyId id={operationId} /> : <None />}</Fact>
      {rule && <Fact name="Matched by">{rule === 'person' ? 'two people' : rule}</Fact>}
      {matchedAt && <Fact name="Matched">{exact(matchedAt)}</Fact>}
      <Fact name="Posted">{postedAt ? exact(postedAt) : 'not yet'}</Fact>
    </FactList>
  );
}

export function PaymentLink({ id }: { id: string }) {
  return (
    <Link href={`/admin/payments/${id}`} className="rounded-sm font-mono text-12 underline underline-offset-2">
      {shorten(id)}
    </Link>
  );
}

export function IdFact({ name, id }: { name: string; id: string | null }): ReactNode {
  if (!id) return null;
  return (
    <Fact name={name}>
      <CopyId id={id} />
    </Fact>
  );
}

function None() {
  return <span className="text-ink-muted">none found</span>;
}
