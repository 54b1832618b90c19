import { CopyNumber } from './copy-number.tsx';

// biome-ignore format: a table
const cards = [
  ['4242 4242 4242 4242', 'Visa: paid'],
  ['5555 5555 5555 4444', 'Mastercard: paid'],
  ['3782 822463 10005',   'American Express: paid, 4-digit code'],
  ['4000 0025 0000 3155', 'Visa: its bank asks you to confirm'],
  ['4000 0000 0000 0002', 'Visa: declined'],
  ['4000 0000 0000 9995', 'Visa: insufficient funds'],
  ['4000 0000 0000 0069', 'Visa: expired'],
  ['4000 0000 0000 0127', 'Visa: wrong security code'],
] as const;

/** Says in test mode that nothing is real, and which numbers will do. */
export function TestBar() {
  return (
    <aside aria-label="Test mode">
      <details className="group print:hidden border-b border-wait/40 bg-wait/10 text-13">
        <summary className="flex min-h-9 list-none flex-wrap items-center justify-center gap-x-3 px-4 py-1.5 text-center [&::-webkit-details-marker]:hidden">
          <span className="font-medium">Test mode: no real money moves</span>
          <span className="underline underline-offset-2">
            <span className="group-open:hidden">Show test cards</span>
            <span className="hidden group-open:inline">Hide test cards</span>
          </span>
        </summary>
        <div className="mx-auto grid max-w-220 gap-3 px-4 pt-2 pb-5">
          <ul className="grid gap-x-10 min-[900px]:grid-cols-2">
            {cards.map(([number, outcome]) => (
              <li key={number} className="flex flex-wrap items-center gap-x-3 py-0.5">
                <CopyNumber number={number} />
                <span>{outcome}</span>
              </li>
            ))}
          </ul>
          <p>Any date in the future and any security code will do. Real cards are refused.</p>
        </div>
      </details>
    </aside>
  );
}
