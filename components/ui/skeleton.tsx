/** A place kept for what is on its way: give it the final size. */
export function Skeleton({ className = '' }: { className?: string }) {
  return <span aria-hidden="true" className={`block animate-pulse rounded-sm bg-ink/8 ${className}`} />;
}
