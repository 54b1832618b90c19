import { Skeleton } from '#components/ui/skeleton.tsx';

export default function Loading() {
  return (
    <div role="status">
      <span className="sr-only">Loading the payment</span>
      <Skeleton className="mb-4 h-6 w-44" />
      <Skeleton className="mb-8 h-9 w-56" />
      <div className="grid gap-x-10 gap-y-8 lg:grid-cols-[260px_minmax(0,1fr)] 2xl:grid-cols-[280px_minmax(0,1fr)_312px]">
        <Skeleton className="h-96 w-full" />
        <Skeleton className="h-140 w-full" />
        <Skeleton className="h-140 w-full" />
      </div>
    </div>
  );
}
