import type { ReactNode } from 'react';

/** The frame around every page of the demo shop. */
export function Shopfront({ notice, children }: { notice?: string | undefined; children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col bg-surface text-16">
      <header className="px-4 pt-10 pb-8 text-center">
        <a href="/shop" className="inline-grid justify-items-center gap-3 rounded-control px-3">
          <Beacon />
          <span className="text-28 font-semibold tracking-tight">Harbour Goods</span>
        </a>
        <p className="mt-1 text-ink-muted">Plain things that stand up to weather.</p>
      </header>
      {notice && (
        <p
          role="status"
          className="mx-auto mb-6 max-w-110 rounded-control border border-line-strong px-4 py-3 text-center"
        >
          {notice}
        </p>
      )}
      {children}
    </div>
  );
}

function Beacon() {
  return (
    <svg width="44" height="44" viewBox="0 0 44 44" fill="none" aria-hidden="true">
      <path d="M18 16h8l3 22H15l3-22Z" fill="oklch(0.62 0.17 28)" />
      <path d="m17 23 10-2 .7 5L16.3 28.5 17 23ZM15.6 33.4l12.6-2.6.7 5-14 2.2.7-4.6Z" fill="oklch(0.97 0.01 90)" />
      <path d="M18.5 10h7v6h-7z" fill="oklch(0.86 0.14 90)" />
      <path d="m17 10 5-5 5 5H17Z" fill="oklch(0.42 0.06 245)" />
      <path
        d="M29 12.5 41 9M29 14.5l12 3M15 12.5 3 9M15 14.5l-12 3"
        stroke="oklch(0.82 0.12 90)"
        strokeWidth="1.6"
        strokeLinecap="round"
      />
    </svg>
  );
}
