import { Ways } from '../ways.tsx';

const pages = {
  open: { href: '/admin/alerts', title: 'Open' },
  resolved: { href: '/admin/alerts?resolved', title: 'Resolved' },
  receivers: { href: '/admin/alerts/receivers', title: 'Who is told' },
} as const;

/** The ways between the pages about alerts. */
export function WhichAlerts({ here }: { here: keyof typeof pages }) {
  return <Ways label="Which alerts" pages={pages} here={here} />;
}
