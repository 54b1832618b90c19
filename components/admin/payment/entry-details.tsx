import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { words } from '../../ui/badge.tsx';

/** What an event carries beside its columns: reasons and verdicts in words, and the redacted exchange, folded. */
export function EntryDetails({ data }: { data: Record<string, unknown> }) {
  const { exchange, risk, ...rest } = data;
  const facts = Object.entries(rest).filter(([, value]) => value !== null && value !== undefined && value !== '');
  return (
    <>
      {(facts.length > 0 || isRecord(risk)) && (
        <dl className="flex flex-wrap gap-x-4 gap-y-0.5 text-12">
          {isRecord(risk) && <Fact name="Risk score">{`${String(risk.score)} of 100${reasonsOf(risk.reasons)}`}</Fact>}
          {facts.map(([name, value]) => (
            <Fact key={name} name={words(name)}>
              {typeof value === 'string' ? value : JSON.stringify(value)}
            </Fact>
          ))}
        </dl>
      )}
      {isRecord(exchange) && <Exchange exchange={exchange} />}
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 gap-1.5">
      <dt className="shrink-0 text-ink-muted">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}

/** What the provider answered, as the vault let it through: redacted before it left. */
function Exchange({ exchange }: { exchange: Record<string, unknown> }) {
  const { status, milliseconds, ...said } = exchange;
  const facts = [status ? `HTTP ${String(status)}` : 'no answer', `${String(milliseconds)} ms`].join(' · ');
  return (
    <details className="group text-12">
      <summary className="-ml-1 inline-flex list-none items-center gap-1 rounded-sm px-1 py-0.5 text-ink-muted hover:text-ink [&::-webkit-details-marker]:hidden">
        <ChevronRight size={12} aria-hidden="true" className="transition-transform group-open:rotate-90" />
        Provider answer · {facts}
      </summary>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="mt-1 max-h-80 overflow-auto rounded-control border bg-canvas p-3 font-mono text-12"
      >
        {JSON.stringify(said.answer ?? null, null, 2)}
      </pre>
    </details>
  );
}

function reasonsOf(reasons: unknown): string {
  if (!Array.isArray(reasons) || reasons.length === 0) return '';
  return `: ${reasons.map((reason) => (isRecord(reason) ? String(reason.says) : String(reason))).join('; ')}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
