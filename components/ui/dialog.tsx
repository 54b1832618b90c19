'use client';

import { X } from 'lucide-react';
import { Dialog as Parts } from 'radix-ui';
import { type ReactNode, useRef } from 'react';

/**
 * A question laid over the page, in a sentence and its fields. Escape and a click beside it mean no, unless `locked`
 * because the answer is on its way. The first field has the focus, never the button that does it.
 */
export function Dialog({
  open,
  onOpenChange,
  locked = false,
  title,
  description,
  children,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  locked?: boolean;
  title: string;
  description: ReactNode;
  children: ReactNode;
}) {
  const opener = useRef<Element>(null);
  return (
    <Parts.Root open={open} onOpenChange={(next) => !locked && onOpenChange(next)}>
      <Parts.Portal>
        <Parts.Overlay className="fixed inset-0 z-40 bg-ink/30 dark:bg-canvas/70" />
        <Parts.Content
          onOpenAutoFocus={() => {
            opener.current = document.activeElement;
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            // Unless what the dialog did has drawn the focus to its result.
            if (document.activeElement === document.body && opener.current instanceof HTMLElement)
              opener.current.focus();
          }}
          className="-translate-x-1/2 fixed top-[min(14vh,120px)] left-1/2 z-50 max-h-[calc(100dvh-32px)] w-[min(440px,calc(100vw-32px))] overflow-y-auto rounded-card border bg-raised p-6 font-sans shadow-float"
        >
          <div className="mb-5 grid gap-1.5 pr-8">
            <Parts.Title className="text-16 font-semibold">{title}</Parts.Title>
            <Parts.Description asChild>
              <div className="text-14 text-ink-muted">{description}</div>
            </Parts.Description>
          </div>
          {children}
          <Parts.Close
            disabled={locked}
            aria-label="Close"
            className="absolute top-4 right-4 grid size-8 place-items-center rounded-control text-ink-muted hover:bg-ink/6 hover:text-ink"
          >
            <X size={16} aria-hidden="true" />
          </Parts.Close>
        </Parts.Content>
      </Parts.Portal>
    </Parts.Root>
  );
}
