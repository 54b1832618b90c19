import Link from 'next/link';
import type { ReactNode } from 'react';
import { chipClass } from '../../ui/chip.tsx';
import { type DifferenceFilters, differencesAddress, withFilter } from './differences-address.ts';
import { kindWords } from './reconciliation-words.ts';

const states = { open: 'Open', waiting: 'For a second person', ended: 'Ended' } as const;

/** Which differences: by how they stand, whose they are, provider and kind. */
export function DifferencesFilter({ filters, providers }: { filters: DifferenceFilters; providers: string[] }) {
  const state = filters.state ?? 'open';
  return (
    <div className="grid gap-2">
      <nav aria-label="Which differences" className="flex flex-wrap gap-2">
        {Object.entries(states).map(([name, says]) => (
          <Which key={name} to={withFilter(filters, 'state', name === 'open' ? undefined : name)} on={state === name}>
            {says}
          </Which>
        ))}
        <Bar />
        <Toggle filters={filters} name="mine" value="1">
          Mine
        </Toggle>
        <Bar />
        {providers.map((name) => (
          <Toggle key={name} filters={filters} name="provider" value={name}>
            {name}
          </Toggle>
        ))}
      </nav>
      <nav aria-label="Which kind" className="flex flex-wrap gap-2">
        {Object.entries(kindWords).map(([kind, says]) => (
          <Toggle key={kind} filters={filters} name="kind" value={kind}>
            {says}
          </Toggle>
        ))}
        {filters.file && (
          <Toggle filters={filters} name="file" value={filters.file}>
            Of one file
          </Toggle>
        )}
      </nav>
    </div>
  );
}

interface ToggleProps {
  filters: DifferenceFilters;
  name: keyof DifferenceFilters;
  value: string;
  children: ReactNode;
}

/** Sets one filter, or takes it away where it is set. */
function Toggle({ filters, name, value, children }: ToggleProps) {
  const on = filters[name] === value;
  return (
    <Which to={withFilter(filters, name, on ? undefined : value)} on={on}>
      {children}
    </Which>
  );
}

function Which({ to, on, children }: { to: DifferenceFilters; on: boolean; children: ReactNode }) {
  return (
    <Link href={differencesAddress(to)} aria-current={on ? 'page' : undefined} className={chipClass(on)}>
      {children}
    </Link>
  );
}

function Bar() {
  return <span aria-hidden="true" className="mx-1 hidden w-px self-stretch bg-line sm:block" />;
}
