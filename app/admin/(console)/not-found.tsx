import Link from 'next/link';
import { buttonClass } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';

export default function NotFound() {
  return (
    <EmptyState
      as="h1"
      title="There is nothing here"
      action={
        <Link href="/admin/payments" className={buttonClass()}>
          To the payments
        </Link>
      }
    >
      No payment of this merchant has this id. Check that it was copied whole.
    </EmptyState>
  );
}
