'use client';

import { Plus, X } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { Popover } from 'radix-ui';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { chipClass } from '../ui/chip.tsx';
import { addressOf, type Filters, readFilters } from './filter-address.ts';

/**
 * One filter: closed it says its value, open it asks for one.
 *
 * @param value    What is set, in words.
 * @param keep     The other filters.
 * @param children The fields, named as the address names them.
 */
export function FilterChip({
  label,
  value,
  keep,
  children,
}: {
  label: string;
  value: string | undefined;
  keep: Filters;
  children: ReactNode;
}) {
  const [open, setOpen] = useState(false);
  const router = useRouter();

  function apply(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const names = [...new Set(fields.keys())];
    const typed = Object.fromEntries(
      names.map((name) => [name, fields.getAll(name).map((text) => String(text).trim())]),
    );
    setOpen(false);
    router.push(addressOf({ ...keep, ...readFilters(typed) }));
  }

  return (
    <span className="inline-flex">
      <Popover.Root open={open} onOpenChange={setOpen}>
        <Popover.Trigger
          className={`${chipClass(value !== undefined)} ${value === undefined ? '' : 'rounded-r-none border-r-0'}`}
        >
          {value === undefined && <Plus size={12} aria-hidden="true" />}
          {label}
          {value !== undefined && <span className="max-w-50 truncate font-medium text-ink">{value}</span>}
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content
            aria-label={label}
            align="start"
            sideOffset={6}
            collisionPadding={12}
            className="z-40 w-70 rounded-card border bg-raised p-4 font-sans shadow-float"
          >
            <form method="post" onSubmit={apply} className="grid gap-4">
              {children}
              <Button type="submit" look="primary" size="sm">
                Apply
              </Button>
            </form>
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
      {value !== undefined && (
        <Link
          href={addressOf(keep)}
          aria-label={`Remove filter ${label}`}
          className={`${chipClass(true)} rounded-l-none border-l-0 pr-2 pl-1`}
        >
          <X size={12} aria-hidden="true" />
        </Link>
      )}
    </span>
  );
}
