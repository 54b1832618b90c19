import { ChevronRight } from 'lucide-react';

/** What the provider answered, as the vault let it through: redacted before it left. Folded until asked for. */
export function Exchange({ exchange }: { exchange: Record<string, unknown> }) {
  const { status, milliseconds, answer } = exchange;
  if (answer === undefined) return <p className="text-12 text-ink-muted">No answer after {String(milliseconds)} ms</p>;
  // What came by a webhook has no status of ours, and took no time of anybody's.
  const said = status === undefined ? '' : ` · HTTP ${String(status)} · ${String(milliseconds)} ms`;
  return (
    <details className="group text-12">
      <summary className="-ml-1 inline-flex list-none items-center gap-1 rounded-sm px-1 py-0.5 text-ink-muted hover:text-ink [&::-webkit-details-marker]:hidden">
        <ChevronRight size={12} aria-hidden="true" className="transition-transform group-open:rotate-90" />
        Provider answer{said}
      </summary>
      <pre className="mt-1 rounded-control border bg-canvas p-3 font-mono text-12 whitespace-pre-wrap break-words">
        {JSON.stringify(answer, null, 2)}
      </pre>
    </details>
  );
}
