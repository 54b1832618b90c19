import Link from 'next/link';
import { chipClass } from '../ui/chip.tsx';

interface WaysProps<Name extends string> {
  /** What a screen reader calls them. */
  label: string;
  pages: Record<Name, { href: string; title: string }>;
  here: Name;
}

/** The ways between pages about one thing. */
export function Ways<Name extends string>({ label, pages, here }: WaysProps<Name>) {
  const all = Object.entries<{ href: string; title: string }>(pages);
  return (
    <nav aria-label={label} className="mb-6 flex flex-wrap gap-2">
      {all.map(([name, { href, title }]) => (
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
