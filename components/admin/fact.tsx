import type { ReactNode } from 'react';

/** A titled list of facts. */
export function FactList({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h2 className="mb-1.5 text-13 font-semibold">{title}</h2>
      <dl>{children}</dl>
    </section>
  );
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-h-8 items-center justify-between gap-4 border-b border-line/60 py-1 text-13">
      <dt className="shrink-0 text-ink-muted">{name}</dt>
      <dd className="min-w-0 text-right break-words">{children}</dd>
    </div>
  );
}
