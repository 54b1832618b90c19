import Link from 'next/link';
import type { ReactNode } from 'react';
import type { BankLineRow } from '#server/reconciliation/questions/view.ts';
import type { OurSide, ShownDifference, ShownLine } from '#server/trpc/reconciliation-view.ts';
import { StateBadge } from '../../ui/badge.tsx';
import { exact } from '../../ui/time.ts';
import { words } from '../../ui/words.ts';
import { Fact, FactList } from '../fact.tsx';
import { IdFact, LineFacts, PaymentLink } from './line-facts.tsx';
import { RawLine } from './raw-line.tsx';
import { SignedAmount } from './signed-amount.tsx';

/** Both sides beside each other, and the line as it came. */
export function Sides({ difference, ours }: { difference: ShownDifference; ours: OurSide | null }) {
  const { settled, booked } = difference;
  return (
    <section aria-label="Both sides" className="grid min-w-0 content-start gap-6">
      <div className="grid gap-6 md:grid-cols-2">
        <Ours difference={difference} ours={ours} />
        <Theirs difference={difference} />
      </div>
      {settled && (
        <Raw
          raw={settled.raw}
          from={`/admin/reconciliation/files/${settled.fileId}/${settled.line}`}
          says={`Line ${settled.line} of ${settled.fileName}`}
        />
      )}
      {booked && (
        <Raw
          raw={booked.raw}
          from={`/admin/reconciliation/statements/${booked.statementId}`}
          says={`Entry ${booked.line} of the statement`}
        />
      )}
    </section>
  );
}

function Ours({ difference: { provider, leg, settled, ours: amount, currency }, ours }: SidesProps) {
  if (leg === 'bank' && settled) return <LineFacts line={settled} />;
  if (!ours) {
    return (
      <FactList title={leg === 'bank' ? `${provider} says` : 'Our books say'}>
        <Fact name="Amount">
          <SignedAmount value={amount} currency={currency} />
        </Fact>
        {amount === null && <Nothing>Nothing of ours was found for it.</Nothing>}
      </FactList>
    );
  }
  const { operation } = ours;
  return (
    <FactList title="Our books say">
      <Fact name="Payment">
        <PaymentLink id={ours.payment} />
      </Fact>
      <Fact name="State">
        <StateBadge state={ours.state} />
      </Fact>
      {operation && (
        <>
          <Fact name="Kind">{words(operation.kind)}</Fact>
          <Fact name="Amount">
            <SignedAmount value={operation.amount} currency={ours.currency} />
          </Fact>
          <Fact name="Outcome">{words(operation.status)}</Fact>
          <Fact name="Took place">{exact(operation.closedAt ?? operation.openedAt)}</Fact>
          <IdFact name="Its id there" id={operation.providerRef} />
          <IdFact name="Our key" id={operation.id} />
        </>
      )}
      {!operation && (
        <Fact name="Captured">
          <SignedAmount value={ours.captured} currency={ours.currency} />
        </Fact>
      )}
    </FactList>
  );
}

interface SidesProps {
  difference: ShownDifference;
  ours: OurSide | null;
}

function Theirs({ difference }: Pick<SidesProps, 'difference'>) {
  const { leg, settled, booked, provider, theirs, currency } = difference;
  if (leg === 'bank') return <Booked booked={booked} />;
  if (settled) return <TheirLine line={settled} />;
  return (
    <FactList title={`${provider} says`}>
      <Fact name="Amount">
        <SignedAmount value={theirs} currency={currency} />
      </Fact>
      <Nothing>No line of its files is about it.</Nothing>
    </FactList>
  );
}

function TheirLine({ line }: { line: ShownLine }) {
  return <LineFacts line={line} />;
}

function Booked({ booked }: { booked: BankLineRow | null }) {
  return (
    <FactList title="The bank says">
      {booked ? (
        <>
          <Fact name="Amount">
            <SignedAmount value={booked.amount} currency={booked.currency} />
          </Fact>
          <Fact name="Booked on">{booked.bookedOn}</Fact>
          <Fact name="Written with it">{booked.remittance}</Fact>
        </>
      ) : (
        <Nothing>No statement has it.</Nothing>
      )}
    </FactList>
  );
}

function Raw({ raw, from, says }: { raw: string; from: string; says: string }) {
  return (
    <div className="grid gap-1.5">
      <h2 className="text-13 font-semibold">
        <Link href={from} className="rounded-sm underline underline-offset-2">
          {says}
        </Link>
      </h2>
      <RawLine raw={raw} />
    </div>
  );
}

function Nothing({ children }: { children: ReactNode }) {
  return <div className="py-2 text-13 text-ink-muted">{children}</div>;
}
