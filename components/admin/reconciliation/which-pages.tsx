import { Ways } from '../ways.tsx';

const pages = {
  files: { href: '/admin/reconciliation', title: 'Files' },
  differences: { href: '/admin/reconciliation/differences', title: 'Differences' },
  statements: { href: '/admin/reconciliation/statements', title: 'Bank statements' },
} as const;

/** The ways between the pages about reconciliation. */
export function WhichPages({ here }: { here: keyof typeof pages }) {
  return <Ways label="Which side of reconciliation" pages={pages} here={here} />;
}
