import type { ShownWebhook } from '#server/trpc/webhooks.ts';
import { Fact, FactList } from '../fact.tsx';
import { readable } from './readable.ts';

const block = 'rounded-control border bg-canvas p-3 font-mono text-12 whitespace-pre-wrap break-all';

/** What came over the wire. Card numbers and the provider's secrets were blacked out before it was stored. */
export function WebhookContent({ webhook: { body, bodySize, cut, headers } }: { webhook: ShownWebhook }) {
  return (
    <section className="grid min-w-0 gap-6">
      <div>
        <h2 className="mb-2 text-13 font-semibold">Body</h2>
        {body ? (
          <pre className={block}>{readable(body)}</pre>
        ) : (
          <p className="text-13 text-ink-muted">
            {body === null ? 'Shown once it is known whose payment it is about.' : 'Empty.'}
          </p>
        )}
        {cut && (
          <p className="mt-2 text-12 text-ink-muted">
            The beginning of {bodySize.toLocaleString('en')} bytes: of what is not believed no more is kept.
          </p>
        )}
      </div>
      <FactList title="Headers">
        {Object.entries(headers).map(([name, value]) => (
          <Fact key={name} name={name}>
            <span className="font-mono text-12 break-all">{value}</span>
          </Fact>
        ))}
      </FactList>
    </section>
  );
}
