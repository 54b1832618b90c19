import Link from 'next/link';
import { chipClass } from '../../ui/chip.tsx';

const pages = {
  open: { href: '/admin/alerts', title: 'Open' },
  resolved: { href: '/admin/alerts?resolved', title: 'Resolved' },
  receivers: { href: '/admin/alerts/receivers', title: 'Who is told' },
} as const;

/** The ways between the pages about alerts. */
export function WhichAlerts({ here }: { here: keyof typeof pages }) {
  return (
    <nav aria-label="Which alerts" className="mb-4 flex flex-wrap gap-2">
      {Object.entries(pages).map(([name, { href, title }]) => (
        <Link
          key={name}
          href={href}
          aria-current={name === here ? 'page' : undefined}
          className={chipClass(name === here)}
        >
          {title}
        </Link>
      ))}
    </nav>
  );
}
