import Link from 'next/link';
import { buttonClass } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';

export function AlertsEmpty({ open }: { open: boolean }) {
  return (
    <EmptyState
      title={open ? 'Nothing is wrong' : 'Nothing has been resolved yet'}
      action={
        open && (
          <Link href="/admin/alerts?resolved" className={buttonClass()}>
            See what was
          </Link>
        )
      }
    >
      {open
        ? 'Escalations, providers that take no charges, events that a consumer gave up on and queues that stand still appear here, and go to whoever is to be told.'
        : 'What was wrong and is over is kept here, with who acknowledged it and who was told.'}
    </EmptyState>
  );
}
