import Link from 'next/link';
import { buttonClass } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { endingOf } from './payments-end.ts';

/** A page of the list without a row. */
export function PaymentsEmpty(asked: Parameters<typeof endingOf>[0]) {
  const { title, says, ways } = endingOf(asked);
  return (
    <EmptyState
      title={title}
      action={
        <div className="flex flex-wrap justify-center gap-2">
          {ways.map(({ href, label }) => (
            <Link key={href} href={href} className={buttonClass()}>
              {label}
            </Link>
          ))}
        </div>
      }
    >
      {says}
    </EmptyState>
  );
}
