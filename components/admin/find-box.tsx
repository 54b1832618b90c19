'use client';

import { Search } from 'lucide-react';
import Form from 'next/form';
import { useEffect, useRef } from 'react';

/** Goes to a payment by its id, or lists what a reference, an address or a part of one belongs to. ⌘K leads here. */
export function FindBox() {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      box.current?.select();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return (
    <Form action="/admin/payments" role="search" className="relative w-full sm:w-72">
      <Search
        size={14}
        aria-hidden="true"
        className="-translate-y-1/2 pointer-events-none absolute top-1/2 left-2.5 text-ink-muted"
      />
      <input
        ref={box}
        name="find"
        type="search"
        required
        maxLength={254}
        autoComplete="off"
        spellCheck={false}
        aria-label="Find a payment by id, reference, email or a part"
        placeholder="Id, reference, email or a part"
        className="h-8 w-full rounded-control border border-line bg-canvas pr-12 pl-8 text-13 placeholder:text-ink-muted hover:border-line-strong"
      />
      <kbd className="-translate-y-1/2 pointer-events-none absolute top-1/2 right-2 hidden rounded-sm border bg-surface px-1 font-sans text-12 text-ink-muted sm:block">
        ⌘K
      </kbd>
    </Form>
  );
}
