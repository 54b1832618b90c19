'use client';

import { QueryClientProvider } from '@tanstack/react-query';
import { createTRPCClient, httpLink } from '@trpc/client';
import { createTRPCContext } from '@trpc/tanstack-react-query';
import { type ReactNode, useState } from 'react';
import superjson from 'superjson';
import type { AppRouter } from '#server/trpc/root.ts';
import { makeQueryClient } from './query-client.ts';

const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();

export { useTRPC, useTRPCClient };

let inThisTab: ReturnType<typeof makeQueryClient> | undefined;

/** One cache per tab; on the server one per request, so that nobody reads another's answers. */
function queryClient() {
  if (typeof window === 'undefined') return makeQueryClient();
  inThisTab ??= makeQueryClient();
  return inThisTab;
}

/** What leaves ask with: `useQuery(useTRPC().payment.version.queryOptions(…))`. One call is one request. */
export function TrpcProvider({ children }: { children: ReactNode }) {
  const client = queryClient();
  const [trpc] = useState(() =>
    createTRPCClient<AppRouter>({
      // Questions are POSTs as well: what is in an address stands in every gateway's log.
      links: [httpLink({ url: '/api/trpc', transformer: superjson, methodOverride: 'POST' })],
    }),
  );
  return (
    <QueryClientProvider client={client}>
      <TRPCProvider trpcClient={trpc} queryClient={client}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  );
}
