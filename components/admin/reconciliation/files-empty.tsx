import { EmptyState } from '../../ui/empty-state.tsx';

/** No file has come yet, or none of this provider. */
export function FilesEmpty({ mayUpload }: { mayUpload: boolean }) {
  return (
    <EmptyState title="No settlement file yet">
      What providers say that they have settled appears here, day by day, beside what our own books say. Files are
      fetched by themselves after each day
      {mayUpload ? '; one that a provider sent otherwise can be uploaded above.' : '.'}
    </EmptyState>
  );
}
