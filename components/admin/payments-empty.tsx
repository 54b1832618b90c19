import Link from 'next/link';
import { buttonClass } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { exact } from '../ui/time.ts';

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
        Search finds ids, references, email addresses and parts of them. Take a filter away to see more.
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

/** Nothing fits among the payments that were looked at, and there are older ones. */
export function PaymentsNotYetFound({ searchedTo, further }: { searchedTo: Date; further: string }) {
  return (
    <EmptyState
      title="No match so far"
      action={
        <Link href={further} className={buttonClass()}>
          Search further
        </Link>
      }
    >
      Payments back to {exact(searchedTo)} were searched. Go on to older ones, or choose a date.
    </EmptyState>
  );
}
