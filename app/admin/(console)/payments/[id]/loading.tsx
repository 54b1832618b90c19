import { Skeleton } from '#components/ui/skeleton.tsx';

export default function Loading() {
  return (
    <div role="status">
      <span className="sr-only">Loading the payment</span>
      <Skeleton className="mb-4 h-6 w-44" />
      <Skeleton className="mb-8 h-9 w-56" />
      <div className="grid gap-x-8 gap-y-8 lg:grid-cols-[240px_minmax(0,1fr)] xl:grid-cols-[240px_minmax(0,1fr)_300px]">
        <Skeleton className="h-96 w-full" />
        <Skeleton className="h-140 w-full" />
        <Skeleton className="h-140 w-full" />
      </div>
    </div>
  );
}
