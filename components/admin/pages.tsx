import Link from 'next/link';
import { buttonClass } from '../ui/button.tsx';
import { ErrorState } from '../ui/error-state.tsx';

/** The ways from one page of a list to the others: back to the newest, on to older ones. */
export function Pages({ newest, older }: { newest: string | undefined; older: string | undefined }) {
  return (
    <nav aria-label="Pages" className="mt-4 flex justify-end gap-2 empty:hidden">
      {newest && <PageLink href={newest}>Newest</PageLink>}
      {older && <PageLink href={older}>Older</PageLink>}
    </nav>
  );
}

function PageLink({ href, children }: { href: string; children: string }) {
  return (
    <Link href={href} className={buttonClass({ size: 'sm' })}>
      {children}
    </Link>
  );
}

/** The address asks for something that the list does not know. */
export function BadFilter({ says, whole }: { says: string; whole: string }) {
  return (
    <ErrorState
      title="This filter cannot be read"
      action={
        <Link href={whole} className={buttonClass()}>
          Clear filters
        </Link>
      }
    >
      {says}
    </ErrorState>
  );
}
