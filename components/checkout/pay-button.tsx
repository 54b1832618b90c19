import { buttonClass } from '../ui/button.tsx';
import { Spinner } from '../ui/spinner.tsx';

/**
 * The one button. While paying it says so and takes no press; it is not `disabled`, which would drop the keyboard's
 * focus to the top of the page.
 */
export function PayButton({ amount, busy, ready }: { amount: string; busy: boolean; ready: boolean }) {
  return (
    <button
      type="submit"
      aria-disabled={busy || !ready || undefined}
      className={`${buttonClass({ look: 'primary', size: 'lg' })} w-full select-none font-semibold tabular-nums aria-disabled:cursor-default ${ready ? '' : 'opacity-55'}`}
    >
      {busy && <Spinner />}
      {busy ? `Paying ${amount}` : `Pay ${amount}`}
    </button>
  );
}
