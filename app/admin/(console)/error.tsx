'use client';

import { Button } from '#components/ui/button.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';

export default function ConsoleError({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return (
    <ErrorState
      as="h1"
      title="This page could not be shown"
      request={error.digest}
      action={<Button onClick={retry}>Try again</Button>}
    >
      Looking at a page moves no money. Try again; if it stays like this, name the request to whoever runs Florin.
    </ErrorState>
  );
}
