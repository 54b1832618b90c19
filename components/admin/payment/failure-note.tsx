import { CopyId } from '../../ui/copy-id.tsx';
import type { Failure } from './use-act.ts';

/** Why an act did not go through, and the id to ask about. */
export function FailureNote({ failure }: { failure: Failure | undefined }) {
  if (!failure) return null;
  return (
    <div role="alert" className="grid gap-1 rounded-control bg-bad/10 p-3 text-13 text-bad">
      {failure.says}
      {failure.request && <CopyId id={failure.request} />}
    </div>
  );
}
