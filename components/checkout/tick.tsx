import { Spinner } from '../ui/spinner.tsx';

/** The coin, turning: an answer is on its way. */
export function Waiting() {
  return (
    <span className="mb-1 text-accent">
      <Spinner size={44} />
    </span>
  );
}

/** The coin, ticked; `drawn` draws it once. Reduced motion shows it at once. */
export function Tick({ drawn }: { drawn: boolean }) {
  const stroke = drawn ? 'checkout-stroke' : '';
  return (
    <svg width="56" height="56" viewBox="0 0 56 56" fill="none" aria-hidden="true" className="mb-1 text-ok">
      <circle cx="28" cy="28" r="24" stroke="currentColor" strokeWidth="4" pathLength="1" className={stroke} />
      <path
        d="m18 28.6 7 7L38.4 21.6"
        stroke="currentColor"
        strokeWidth="4"
        strokeLinecap="round"
        strokeLinejoin="round"
        pathLength="1"
        className={`${stroke} checkout-stroke-second`}
      />
    </svg>
  );
}

/** The coin, struck through: nothing was paid. */
export function StruckCoin() {
  return (
    <svg width="56" height="56" viewBox="0 0 56 56" fill="none" aria-hidden="true" className="mb-1 text-ink-muted">
      <circle cx="28" cy="28" r="24" stroke="currentColor" strokeWidth="4" />
      <path d="M16 40 40 16" stroke="currentColor" strokeWidth="4" strokeLinecap="round" />
    </svg>
  );
}
