import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { api, ask, refusedWith } from '#app/trpc-server.ts';
import { WebhookContent } from '#components/admin/webhooks/webhook-content.tsx';
import { WebhookFacts } from '#components/admin/webhooks/webhook-facts.tsx';
import { reasonWords, statusTones, statusWords, whatBecame } from '#components/admin/webhooks/webhook-words.ts';
import { Badge } from '#components/ui/badge.tsx';

export const metadata: Metadata = { title: 'Webhook' };

export default async function Page({ params }: PageProps<'/admin/webhooks/[id]'>) {
  const { id } = await params;
  const answer = await ask((await api()).webhooks.one({ id })).catch(refusedWith);
  if ('refused' in answer) notFound();
  const { status, reason, provider, signedAt } = answer;
  return (
    <>
      <Link href="/admin/webhooks" className="rounded-sm text-13 text-ink-muted hover:text-ink">
        Webhooks
      </Link>
      <div className="mt-1 flex flex-wrap items-center gap-3">
        <h1 className="text-20 font-semibold">{signedAt ? `From ${provider}` : `Claims to come from ${provider}`}</h1>
        <Badge tone={statusTones[status]} size="lg">
          {reason ? reasonWords[reason] : statusWords[status]}
        </Badge>
      </div>
      <p className="mt-2 mb-8 max-w-160 text-14 text-ink-muted">{whatBecame(status, reason)}</p>
      <div className="grid gap-x-8 gap-y-8 lg:grid-cols-[minmax(0,1fr)_320px]">
        <WebhookContent webhook={answer} />
        <WebhookFacts webhook={answer} />
      </div>
    </>
  );
}
