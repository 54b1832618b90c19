import Link from 'next/link';
import { chipClass } from '../../ui/chip.tsx';

const pages = {
  files: { href: '/admin/reconciliation', title: 'Files' },
  differences: { href: '/admin/reconciliation/differences', title: 'Differences' },
  statements: { href: '/admin/reconciliation/statements', title: 'Bank statements' },
} as const;

/** The ways between the pages about reconciliation. */
export function WhichPages({ here }: { here: keyof typeof pages }) {
  return (
    <nav aria-label="Which side of reconciliation" className="mb-6 flex flex-wrap gap-2">
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
