import Link from 'next/link';
import { api, ask, refusedWith } from '#app/trpc-server.ts';
import { type WebhookFilters, webhooksAddress } from '#components/admin/webhooks/webhooks-address.ts';
import { WebhooksEmpty } from '#components/admin/webhooks/webhooks-empty.tsx';
import { WebhooksTable } from '#components/admin/webhooks/webhooks-table.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';

/** One page of the list. Filters come from the address and are judged by the procedure, which refuses odd ones. */
export async function WebhooksPage({ filters, after }: { filters: WebhookFilters; after: string | undefined }) {
  const input = { filter: filters, after } as Parameters<Awaited<ReturnType<typeof api>>['webhooks']['page']>[0];
  const answer = await ask((await api()).webhooks.page(input)).catch(refusedWith);
  if ('refused' in answer) return <BadFilter says={answer.refused.message} />;
  const { rows, next } = answer;
  if (rows.length === 0) return <WebhooksEmpty filtered={Object.keys(filters).length > 0} />;
  return (
    <>
      <WebhooksTable rows={rows} />
      <nav aria-label="Pages" className="mt-4 flex justify-end gap-2 empty:hidden">
        {after && <PageLink href={webhooksAddress(filters)}>Newest</PageLink>}
        {next && <PageLink href={webhooksAddress(filters, next)}>Older</PageLink>}
      </nav>
    </>
  );
}

function PageLink({ href, children }: { href: string; children: string }) {
  return (
    <Link href={href} className={buttonClass({ size: 'sm' })}>
      {children}
    </Link>
  );
}

function BadFilter({ says }: { says: string }) {
  return (
    <ErrorState
      title="This filter cannot be read"
      action={
        <Link href="/admin/webhooks" className={buttonClass()}>
          Clear filters
        </Link>
      }
    >
      {says}
    </ErrorState>
  );
}
