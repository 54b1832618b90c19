import { Skeleton } from '../ui/skeleton.tsx';
import { columns } from './payments-columns.ts';
import { TableHead } from './payments-table.tsx';

const rows = Array.from({ length: 12 }, (_, place) => place);

/** The list while its rows are on their way, at their size. */
export function PaymentsSkeleton() {
  return (
    <div role="status">
      <span className="sr-only">Loading payments</span>
      <table className="w-full border-separate border-spacing-0" aria-hidden="true">
        <TableHead />
        <tbody>
          {rows.map((row) => (
            <tr key={row}>
              {columns.map(({ title, className, hidden }) => (
                <td key={title} className={`h-10 border-b px-2 ${className}`}>
                  {!hidden && <Skeleton className="ml-auto h-4 w-full max-w-24" />}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
