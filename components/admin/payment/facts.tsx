import type { ShownPayment } from '#server/trpc/payment-view.ts';
import { Amount } from '../../ui/amount.tsx';
import { CopyId } from '../../ui/copy-id.tsx';
import { exact } from '../../ui/time.ts';
import { words } from '../../ui/words.ts';
import { CardShort } from '../card-short.tsx';
import { Fact, FactList } from '../fact.tsx';

/** What a payment is: its amounts, its card, and the words and ids that others know it by. */
export function Facts({ payment }: { payment: ShownPayment }) {
  return (
    <div className="grid content-start gap-6">
      <Amounts payment={payment} />
      <FactList title="Payment method">
        <Fact name="Card">{payment.card ? <CardShort card={payment.card} /> : 'None yet'}</Fact>
        {payment.card && <Fact name="Expires">{expiry(payment.card)}</Fact>}
        <Fact name="Provider">{payment.provider ?? 'None yet'}</Fact>
        <Fact name="Capture">{words(payment.captureMethod)}</Fact>
      </FactList>
      <FactList title="Details">
        <Fact name="Payment">
          <CopyId id={payment.id} />
        </Fact>
        <Fact name="Intent">
          <CopyId id={payment.intentId} />
        </Fact>
        <Fact name="Attempt">{payment.attempt}</Fact>
        {payment.reference && <Fact name="Reference">{payment.reference}</Fact>}
        {payment.receiptEmail && <Fact name="Email">{payment.receiptEmail}</Fact>}
        {payment.description && <Fact name="Description">{payment.description}</Fact>}
        {Object.entries(payment.metadata).map(([name, value]) => (
          <Fact key={name} name={name}>
            {value}
          </Fact>
        ))}
        <Fact name="Created">{exact(payment.createdAt)}</Fact>
        <Fact name="Changed">{exact(payment.updatedAt)}</Fact>
      </FactList>
    </div>
  );
}

function Amounts({ payment }: { payment: ShownPayment }) {
  const { currency } = payment;
  const lines: [string, bigint, boolean][] = [
    ['Asked', payment.amount, true],
    ['Authorized', payment.authorized, true],
    ['Captured', payment.captured, true],
    ['Refunded', payment.refunded, true],
    ['On its way back', payment.refundReserved, payment.refundReserved > 0n],
    ['Charged back', payment.chargedBack, payment.chargedBack > 0n],
    ['Stray', payment.stray, payment.stray > 0n],
    ['Can be refunded', payment.refundable, payment.captured > 0n],
  ];
  return (
    <FactList title="Amounts">
      {lines.map(
        ([name, value, shown]) =>
          shown && (
            <Fact key={name} name={name}>
              <Amount value={value} currency={currency} className={value === 0n ? 'text-ink-muted' : 'font-medium'} />
            </Fact>
          ),
      )}
    </FactList>
  );
}

function expiry({ expMonth, expYear }: { expMonth: number; expYear: number }): string {
  return `${String(expMonth).padStart(2, '0')}/${expYear}`;
}
