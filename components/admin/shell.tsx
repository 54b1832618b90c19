import { Bell, BookOpen, CircleDollarSign, LifeBuoy, ListChecks, Package, Scale, Webhook } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { Mark } from '../ui/mark.tsx';
import { ThemeSwitch } from '../ui/theme-switch.tsx';
import { AlertsLink, EscalationsLink } from './counted-links.tsx';
import { FindBox } from './find-box.tsx';
import { NavLink } from './nav-link.tsx';
import { SignOut } from './sign-out.tsx';

export interface Me {
  name: string;
  role: string;
  merchant: string;
  mode: 'test' | 'live';
  /** How many escalations are open; null where this person may not read them. */
  escalations: number | null;
  /** How many alerts nobody sees to yet; null where this person may not read them. */
  alerts: number | null;
}

/** The console's frame: where one is, who one is, and whether money is real. */
export function Shell({ me, children }: { me: Me; children: ReactNode }) {
  return (
    <>
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-control focus:bg-raised focus:p-3"
      >
        Skip to content
      </a>
      {me.mode === 'test' && (
        <div
          className="fixed inset-x-0 top-0 z-30 h-0.75 bg-[oklch(from_var(--warn)_0.76_0.15_h)]"
          aria-hidden="true"
        />
      )}
      <div className="flex min-h-dvh flex-col md:grid md:grid-cols-[220px_minmax(0,1fr)]">
        <Sidebar me={me} />
        <div className="min-w-0 grow bg-surface md:border-l">
          <TopBar me={me} />
          <main id="content" tabIndex={-1} className="px-4 py-6 outline-none md:px-8">
            {children}
          </main>
        </div>
      </div>
    </>
  );
}

function Sidebar({ me }: { me: Me }) {
  return (
    <aside className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 pt-4 pb-2 md:sticky md:top-0 md:h-dvh md:flex-col md:items-stretch md:gap-5 md:px-3 md:py-5">
      <Link
        href="/admin"
        className="flex min-w-0 items-center gap-2.5 rounded-control px-2 py-1 md:flex-col md:items-start md:gap-0.5"
      >
        <Mark />
        <span className="truncate text-13 text-ink-muted md:pl-6.5">{me.merchant}</span>
      </Link>
      <nav
        aria-label="Console"
        className="relative -mx-1 flex max-w-full gap-1 overflow-x-auto p-1 md:mx-0 md:grid md:p-0"
      >
        <NavLink href="/admin/payments">
          <CircleDollarSign size={16} aria-hidden="true" />
          Payments
        </NavLink>
        <NavLink href="/admin/orders">
          <Package size={16} aria-hidden="true" />
          Orders
        </NavLink>
        {me.escalations !== null && (
          <EscalationsLink count={me.escalations}>
            <LifeBuoy size={16} aria-hidden="true" />
            Escalations
          </EscalationsLink>
        )}
        {me.alerts !== null && (
          <AlertsLink count={me.alerts}>
            <Bell size={16} aria-hidden="true" />
            Alerts
          </AlertsLink>
        )}
        <NavLink href="/admin/reconciliation">
          <Scale size={16} aria-hidden="true" />
          Reconciliation
        </NavLink>
        <NavLink href="/admin/ledger">
          <BookOpen size={16} aria-hidden="true" />
          Ledger
        </NavLink>
        <NavLink href="/admin/webhooks">
          <Webhook size={16} aria-hidden="true" />
          Webhooks
        </NavLink>
        <NavLink href="/admin/events">
          <ListChecks size={16} aria-hidden="true" />
          Consumers
        </NavLink>
      </nav>
    </aside>
  );
}

function TopBar({ me }: { me: Me }) {
  return (
    <header className="z-20 flex flex-wrap items-center gap-x-3 gap-y-2 border-b bg-surface px-4 py-2 md:sticky md:top-0 md:h-14 md:flex-nowrap md:px-8">
      <FindBox />
      {me.mode === 'test' && (
        <span className="rounded-full bg-warn/12 px-2 py-0.5 text-12 font-medium whitespace-nowrap text-warn">
          Test mode
        </span>
      )}
      <div className="ml-auto flex items-center gap-3">
        <ThemeSwitch />
        <p className="hidden whitespace-nowrap text-right leading-tight sm:block">
          <span className="block text-13 font-medium">{me.name}</span>
          <span className="block text-12 text-ink-muted capitalize">{me.role}</span>
        </p>
        <SignOut />
      </div>
    </header>
  );
}
