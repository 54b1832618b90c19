/** Florin's mark: a coin, seen as a plain ring. The word beside it is read; the ring is not. */
export function Mark({ size = 18, word = true }: { size?: number; word?: boolean }) {
  return (
    <span className="inline-flex items-center gap-2 font-semibold text-ink">
      <svg width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" className="shrink-0 text-accent">
        <circle cx="10" cy="10" r="7" fill="none" stroke="currentColor" strokeWidth="3.2" />
      </svg>
      {word && <span>Florin</span>}
    </span>
  );
}
