import type { Metadata } from 'next';
import { Suspense } from 'react';
import { api, ask } from '#app/trpc-server.ts';
import { readWebhookFilters, webhooksAddress } from '#components/admin/webhooks/webhooks-address.ts';
import { WebhooksFilter } from '#components/admin/webhooks/webhooks-filter.tsx';
import { WebhooksSkeleton } from '#components/admin/webhooks/webhooks-table.tsx';
import { WebhooksPage } from './webhooks-page.tsx';

export const metadata: Metadata = { title: 'Webhooks' };

export default async function Page({ searchParams }: PageProps<'/admin/webhooks'>) {
  const search = await searchParams;
  const filters = readWebhookFilters(search);
  const after = typeof search.after === 'string' ? search.after : undefined;
  const { providers, rejected } = await ask((await api()).webhooks.choices());
  return (
    <>
      <h1 className="text-20 font-semibold">Webhooks</h1>
      <p className="mt-1 mb-4 text-13 text-ink-muted">What providers tell Florin by themselves.</p>
      <WebhooksFilter filters={filters} providers={providers} rejected={rejected} />
      <div className="mt-4">
        <Suspense key={webhooksAddress(filters, after)} fallback={<WebhooksSkeleton />}>
          <WebhooksPage filters={filters} after={after} />
        </Suspense>
      </div>
    </>
  );
}
