import Link from 'next/link';

/** The way back: titles with their addresses, then where one is. */
export function Breadcrumb({ steps, here }: { steps: [title: string, href: string][]; here: string }) {
  return (
    <nav aria-label="Breadcrumb" className="flex flex-wrap items-center gap-1.5 text-13 text-ink-muted">
      {steps.map(([title, href]) => (
        <span key={href} className="flex items-center gap-1.5">
          <Link href={href} className="rounded-sm hover:text-ink">
            {title}
          </Link>
          <span aria-hidden="true">/</span>
        </span>
      ))}
      <span className="min-w-0 break-all">{here}</span>
    </nav>
  );
}
