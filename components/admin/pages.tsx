import Link from 'next/link';
import { buttonClass } from '../ui/button.tsx';
import { ErrorState } from '../ui/error-state.tsx';

interface PagesProps {
  newest: string | undefined;
  older: string | undefined;
  /** What the way to older rows is called. */
  further?: string;
  /** What is not on the page although it may fit. */
  note?: string;
}

/** The ways from one page of a list to the others: back to the newest, on to older ones. */
export function Pages({ newest, older, further = 'Older', note }: PagesProps) {
  return (
    <nav aria-label="Pages" className="mt-4 flex flex-wrap items-center justify-end gap-2 empty:hidden">
      {note && <p className="mr-auto text-13 text-ink-muted">{note}</p>}
      {newest && <PageLink href={newest}>Newest</PageLink>}
      {older && <PageLink href={older}>{further}</PageLink>}
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
