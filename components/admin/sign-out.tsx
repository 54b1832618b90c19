'use client';

import { LogOut } from 'lucide-react';
import { signOut } from 'next-auth/react';
import { useState } from 'react';
import { Button } from '../ui/button.tsx';

/** Ends the session in the database, not only in this browser. */
export function SignOut() {
  const [busy, setBusy] = useState(false);
  return (
    <Button
      look="quiet"
      size="sm"
      busy={busy}
      aria-label="Sign out"
      title="Sign out"
      onClick={() => {
        setBusy(true);
        void signOut({ callbackUrl: '/admin/sign-in' });
      }}
    >
      <LogOut size={16} aria-hidden="true" />
    </Button>
  );
}
