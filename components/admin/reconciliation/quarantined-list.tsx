import type { QuarantinedRow } from '#server/reconciliation/questions/view.ts';
import { RawLine } from './raw-line.tsx';

/** Lines that could not be read, each with its reason. The rest of the file went on without them. */
export function QuarantinedList({ rows }: { rows: QuarantinedRow[] }) {
  return (
    <ol className="grid gap-4">
      {rows.map(({ line, raw, reason }) => (
        <li key={line} className="grid gap-1.5 border-b pb-4">
          <p className="text-13">
            <span className="font-medium tabular-nums">Line {line}</span>
            <span className="ml-2 text-bad">{reason}</span>
          </p>
          <RawLine raw={raw} />
        </li>
      ))}
    </ol>
  );
}
