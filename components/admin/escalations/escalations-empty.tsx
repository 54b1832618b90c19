import Link from 'next/link';
import { buttonClass } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';

/** The best page of the console. */
export function EscalationsEmpty({ all }: { all: boolean }) {
  return (
    <EmptyState
      title={all ? 'Nothing has ever waited for a person' : 'Nobody’s money is in doubt'}
      action={
        <Link href="/admin/payments" className={buttonClass()}>
          To the payments
        </Link>
      }
    >
      What no provider answers in time, and what a provider does after we had closed the matter, appears here with the
      money at risk. Florin goes on asking by itself; two people close what it cannot.
    </EmptyState>
  );
}
