import Link from 'next/link';
import { buttonClass } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';

/** Nothing to list: because nobody has paid yet, or because the filters leave nothing. */
export function PaymentsEmpty({ filtered }: { filtered: boolean }) {
  if (filtered) {
    return (
      <EmptyState
        title="No payment matches"
        action={
          <Link href="/admin/payments" className={buttonClass()}>
            Clear filters
          </Link>
        }
      >
        Search finds whole ids, references and email addresses. Take a filter away to see more.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="No payments yet"
      action={
        <Link href="/shop" className={buttonClass()}>
          Open the demo shop
        </Link>
      }
    >
      Every payment appears here as soon as a shopper starts it. Make the first one in the demo shop with a test card.
    </EmptyState>
  );
}
