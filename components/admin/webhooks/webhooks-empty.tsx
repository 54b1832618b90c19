import Link from 'next/link';
import { buttonClass } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';

/** Nothing to list: because no provider has called yet, or because the filters leave nothing. */
export function WebhooksEmpty({ filtered }: { filtered: boolean }) {
  const [title, href, action] = filtered
    ? ['No webhook matches', '/admin/webhooks', 'Clear filters']
    : ['No webhooks yet', '/shop', 'Open the demo shop'];
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
        : 'Whatever a provider tells Florin by itself appears here with its verdict, and so does what only pretends to come from one. Pay in the demo shop, and the first will come.'}
    </EmptyState>
  );
}
