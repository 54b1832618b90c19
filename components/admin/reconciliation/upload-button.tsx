'use client';

import { Upload } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { UploadForm } from './upload-form.tsx';

interface UploadProps {
  of: 'settlement' | 'statement';
  /** Whose reports can be read. */
  providers: string[];
}

const says = {
  settlement: {
    title: 'Upload a settlement file',
    description:
      'As the provider gave it. It is taken in once, whatever its name; no money moves before it is matched.',
  },
  statement: {
    title: 'Upload a bank statement',
    description: 'As the bank gave it: camt.053 or CSV. Its entries are matched with providers’ payouts.',
  },
} as const;

/** Asks for a file that has not come by itself. */
export function UploadButton({ of, providers }: UploadProps) {
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Upload size={14} aria-hidden="true" />
        Upload
      </Button>
      <Dialog open={open} onOpenChange={setOpen} locked={busy} {...says[of]}>
        <UploadForm of={of} providers={providers} onBusy={setBusy} onClose={() => setOpen(false)} />
      </Dialog>
    </>
  );
}
