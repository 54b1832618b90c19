import Link from 'next/link';
import { chipClass } from '../../ui/chip.tsx';

export const showing = { all: 'All', unmatched: 'Unmatched', unread: 'Unread' } as const;

export type Showing = keyof typeof showing;

export function fileAddress(id: string, show: Showing, after?: number): string {
  const query = new URLSearchParams({
    ...(show !== 'all' && { show }),
    ...(after !== undefined && { after: String(after) }),
  });
  return query.size > 0 ? `/admin/reconciliation/files/${id}?${query}` : `/admin/reconciliation/files/${id}`;
}

export function WhichLines({ id, here }: { id: string; here: Showing }) {
  return (
    <nav aria-label="Which lines" className="flex flex-wrap gap-2">
      {(Object.keys(showing) as Showing[]).map((show) => (
        <Link
          key={show}
          href={fileAddress(id, show)}
          aria-current={show === here ? 'page' : undefined}
          className={chipClass(show === here)}
        >
          {showing[show]}
        </Link>
      ))}
    </nav>
  );
}
