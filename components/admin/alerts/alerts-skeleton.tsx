import { Skeleton } from '../../ui/skeleton.tsx';

const rows = [0, 1, 2, 3, 4];

/** The list while it is on its way, at its size. */
export function AlertsSkeleton() {
  return (
    <div role="status">
      <span className="sr-only">Loading alerts</span>
      <div className="border-t" aria-hidden="true">
        {rows.map((row) => (
          <div key={row} className="grid gap-x-4 gap-y-2 border-b py-3 sm:grid-cols-[88px_minmax(0,1fr)]">
            <Skeleton className="h-5.5 w-16" />
            <div>
              <Skeleton className="h-4 w-full max-w-120" />
              <Skeleton className="mt-2 h-3 w-40" />
              <Skeleton className="mt-2 h-3 w-12" />
            </div>
          </div>
        ))}
      </div>
    </div>
  );
}
