'use client';

import { type RefObject, useEffect, useId, useRef, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Sign } from '../ui/sign.tsx';
import { Spinner } from '../ui/spinner.tsx';

interface BankFrameProps {
  url: string;
  nonce: string;
  element: RefObject<HTMLIFrameElement | null>;
  /** The page is put aside: the shopper may come back to it. */
  onClose: () => void;
  /** They would rather use another card. */
  onLeave: () => void;
}

/**
 * The bank's page, laid over the checkout. The browser's own dialog keeps the focus inside and gives it back; Escape
 * closes, a click beside it does not: somebody may be in the middle of typing a code.
 */
export function BankFrame({ url, nonce, element, onClose, onLeave }: BankFrameProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const [loaded, setLoaded] = useState(false);
  const title = useId();

  useEffect(() => {
    dialog.current?.showModal();
    heading.current?.focus();
  }, []);

  return (
    <dialog
      ref={dialog}
      aria-labelledby={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      className="m-auto hidden h-dvh max-h-none w-full max-w-none flex-col overflow-hidden bg-surface text-ink backdrop:bg-ink/40 open:flex min-[560px]:h-150 min-[560px]:max-h-[calc(100dvh-48px)] min-[560px]:w-110 min-[560px]:rounded-card min-[560px]:border min-[560px]:shadow-float dark:backdrop:bg-canvas/80"
    >
      <header className="flex items-center justify-between gap-3 border-b py-2 pr-2 pl-4">
        <h2 ref={heading} id={title} tabIndex={-1} className="text-16 font-semibold outline-none">
          Confirm with your bank
        </h2>
        <button
          type="button"
          aria-label="Close"
          onClick={onClose}
          className="grid size-10 place-items-center rounded-control text-ink-muted hover:bg-ink/6 hover:text-ink"
        >
          <Sign of="close" size={18} />
        </button>
      </header>
      <div className="relative min-h-0 grow bg-white">
        {!loaded && (
          <p role="status" className="absolute inset-0 grid place-items-center bg-surface text-ink-muted">
            <span className="flex items-center gap-2.5 text-14">
              <Spinner />
              Opening your bank’s page
            </span>
          </p>
        )}
        <iframe
          ref={element}
          src={url}
          name={nonce}
          title="Your bank’s page"
          // It may not lead this window elsewhere: only the shopper may, by the link below.
          sandbox="allow-scripts allow-forms allow-same-origin allow-popups"
          referrerPolicy="no-referrer"
          onLoad={() => setLoaded(true)}
          className="relative block size-full"
        />
      </div>
      <footer className="flex flex-wrap items-center justify-between gap-2 border-t px-4 py-2.5">
        <a href={url} className="rounded-sm py-1 text-14 underline underline-offset-2">
          Open in this window instead
        </a>
        <Button onClick={onLeave}>Cancel</Button>
      </footer>
    </dialog>
  );
}
