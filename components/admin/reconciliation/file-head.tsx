import type { FileRow } from '#server/reconciliation/questions/view.ts';
import { Badge } from '../../ui/badge.tsx';
import { Breadcrumb } from './breadcrumb.tsx';
import { fileTones, fileWords } from './reconciliation-words.ts';

/** Which file it is, and what it says about the money that is not ours to believe yet. */
export function FileHead({ file }: { file: FileRow }) {
  const { provider, day, name, status, open, counts } = file;
  return (
    <header className="mb-6 grid gap-3">
      <Breadcrumb steps={[['Reconciliation', '/admin/reconciliation']]} here={name} />
      <div className="flex flex-wrap items-center gap-3">
        <h1 className="text-20 font-semibold">
          {provider}, {day}
        </h1>
        <Badge tone={fileTones[status]} size="lg">
          {fileWords[status]}
        </Badge>
        {open > 0 && (
          <Badge tone="warn" size="lg">
            {open.toLocaleString('en')} open
          </Badge>
        )}
        {counts !== null && counts.quarantined > 0 && (
          <Badge tone="bad" size="lg">
            {counts.quarantined.toLocaleString('en')} unread
          </Badge>
        )}
      </div>
    </header>
  );
}
