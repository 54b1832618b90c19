import Link from 'next/link';
import type { ReactNode } from 'react';
import { Skeleton } from '../../ui/skeleton.tsx';
import { RowKeys } from '../row-keys.tsx';

export interface Column {
  title: string;
  className: string;
}

/** A list whose rows open with Enter or a click anywhere on them, and are walked with the arrow keys. */
export function ListTable({
  caption,
  columns,
  children,
}: {
  caption: string;
  columns: readonly Column[];
  children: ReactNode;
}) {
  return (
    <table className="w-full border-separate border-spacing-0 text-13">
      <caption className="sr-only">{caption}</caption>
      <Head columns={columns} />
      <RowKeys>{children}</RowKeys>
    </table>
  );
}

/** The list while its rows are on their way, at their size. */
export function ListSkeleton({ says, columns }: { says: string; columns: readonly Column[] }) {
  return (
    <div role="status">
      <span className="sr-only">{says}</span>
      <table className="w-full border-separate border-spacing-0" aria-hidden="true">
        <Head columns={columns} />
        <tbody>
          {Array.from({ length: 8 }, (_, place) => place).map((row) => (
            <tr key={row}>
              {columns.map(({ title, className }) => (
                <td key={title} className={`h-10 border-b px-2 ${className}`}>
                  <Skeleton className="h-4 w-full max-w-24" />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Head({ columns }: { columns: readonly Column[] }) {
  return (
    <thead>
      <tr>
        {columns.map(({ title, className }) => (
          <th
            key={title}
            scope="col"
            className={`sticky top-0 z-10 h-9 border-b bg-surface px-1 text-left sm:px-2 text-12 font-medium whitespace-nowrap text-ink-muted md:top-14 ${className}`}
          >
            {title}
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** Classes of a row's cells, in the columns' order. */
export function cellsOf(columns: readonly Column[]): string[] {
  return columns.map(({ className }) => `h-10 border-b px-1 sm:px-2 ${className}`);
}

export function ListRow({ quiet = false, children }: { quiet?: boolean; children: ReactNode }) {
  const look = quiet ? 'text-ink-muted' : '';
  return <tr className={`group relative hover:bg-ink/4 has-[a:focus-visible]:bg-ink/4 ${look}`}>{children}</tr>;
}

/** The link that a whole row is. */
export function RowLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link
      href={href}
      prefetch={false}
      className="font-medium outline-none after:absolute after:inset-0 focus-visible:after:rounded-sm focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
    >
      {children}
    </Link>
  );
}
