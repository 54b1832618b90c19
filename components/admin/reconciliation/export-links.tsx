import { buttonClass } from '../../ui/button.tsx';

/** What is listed, as a file: every row that fits, not this page alone. */
export function ExportLinks({ query }: { query: Record<string, string> }) {
  return (
    <span className="flex items-center gap-2">
      <span className="text-13 text-ink-muted">Export</span>
      {(['csv', 'json'] as const).map((format) => (
        <a
          key={format}
          href={`/admin/reconciliation/export?${new URLSearchParams({ ...query, format })}`}
          download
          className={buttonClass({ size: 'sm' })}
        >
          {format.toUpperCase()}
        </a>
      ))}
    </span>
  );
}
