import { api, ask, refusedWith } from '#app/trpc-server.ts';
import { BadFilter, Pages } from '#components/admin/pages.tsx';
import { type WebhookFilters, webhooksAddress } from '#components/admin/webhooks/webhooks-address.ts';
import { WebhooksEmpty } from '#components/admin/webhooks/webhooks-empty.tsx';
import { WebhooksTable } from '#components/admin/webhooks/webhooks-table.tsx';

/** One page of the list. Filters come from the address and are judged by the procedure, which refuses odd ones. */
export async function WebhooksPage({ filters, after }: { filters: WebhookFilters; after: string | undefined }) {
  const input = { filter: filters, after } as Parameters<Awaited<ReturnType<typeof api>>['webhooks']['page']>[0];
  const answer = await ask((await api()).webhooks.page(input)).catch(refusedWith);
  if ('refused' in answer) return <BadFilter says={answer.refused.message} whole="/admin/webhooks" />;
  const { rows, next } = answer;
  if (rows.length === 0) return <WebhooksEmpty filtered={Object.keys(filters).length > 0} />;
  return (
    <>
      <WebhooksTable rows={rows} />
      <Pages newest={after && webhooksAddress(filters)} older={next ? webhooksAddress(filters, next) : undefined} />
    </>
  );
}
