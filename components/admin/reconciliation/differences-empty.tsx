import Link from 'next/link';
import { buttonClass } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';

/** Nothing differs, or nothing that fits. */
export function DifferencesEmpty({ filtered }: { filtered: boolean }) {
  const [title, href, action] = filtered
    ? ['No difference matches', '/admin/reconciliation/differences', 'Clear filters']
    : ['The books agree', '/admin/reconciliation', 'To the files'];
  return (
    <EmptyState
      title={title}
      action={
        <Link href={href} className={buttonClass()}>
          {action}
        </Link>
      }
    >
      {filtered
        ? 'Take a filter away to see more.'
        : 'Where a provider’s file and our books do not say the same, it appears here with its amount, its age and its likely cause, until a person has looked after it.'}
    </EmptyState>
  );
}
