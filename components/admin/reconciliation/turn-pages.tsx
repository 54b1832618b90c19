import Link from 'next/link';
import { buttonClass } from '../../ui/button.tsx';

/** The ways through a list that is read from its start. */
export function TurnPages({ start, further }: { start: string | undefined; further: string | undefined }) {
  return (
    <nav aria-label="Pages" className="mt-4 flex justify-end gap-2 empty:hidden">
      {start && (
        <Link href={start} className={buttonClass({ size: 'sm' })}>
          From the start
        </Link>
      )}
      {further && (
        <Link href={further} className={buttonClass({ size: 'sm' })}>
          Further
        </Link>
      )}
    </nav>
  );
}
