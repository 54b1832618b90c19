import Link from 'next/link';
import type { ShownAlert } from '#server/trpc/alerts.ts';
import { Badge } from '../../ui/badge.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { words } from '../../ui/words.ts';
import { AcknowledgeButton } from './acknowledge-button.tsx';
import { severityTones, timesWords } from './alert-words.ts';
import { WhatAndWho } from './what-and-who.tsx';

/** Alerts, newest first: what is wrong, since when, and who sees to it. */
export function AlertList({ rows, mayAcknowledge }: { rows: ShownAlert[]; mayAcknowledge: boolean }) {
  return (
    <ul aria-label="Alerts" className="border-t">
      {rows.map((row) => (
        <Row key={row.id} row={row} mayAcknowledge={mayAcknowledge} />
      ))}
    </ul>
  );
}

function Row({ row, mayAcknowledge }: { row: ShownAlert; mayAcknowledge: boolean }) {
  const waits = !row.acknowledged && !row.resolvedAt;
  return (
    <li className="grid gap-x-4 gap-y-2 border-b py-3 sm:grid-cols-[88px_minmax(0,1fr)_auto]">
      <div>
        <Badge tone={row.resolvedAt ? 'muted' : severityTones[row.severity]}>{words(row.severity)}</Badge>
      </div>
      <div className="min-w-0">
        <p className={`text-14 ${waits ? 'font-medium' : ''}`}>
          {row.path ? (
            <Link href={row.path} className="rounded-sm hover:underline">
              {row.title}
            </Link>
          ) : (
            row.title
          )}
        </p>
        <p className="mt-0.5 flex flex-wrap gap-x-2 text-12 text-ink-muted">
          <Standing row={row} />
        </p>
        <WhatAndWho row={row} />
      </div>
      {waits && mayAcknowledge && (
        <div>
          <AcknowledgeButton id={row.id} title={row.title} />
        </div>
      )}
    </li>
  );
}

function Standing({ row }: { row: ShownAlert }) {
  const { raisedAt, lastRaisedAt, times, acknowledged, resolvedAt, wholeInstallation } = row;
  const often = timesWords(times);
  return (
    <>
      <span>
        Raised <RelativeTime at={raisedAt} />
      </span>
      {often && (
        <span>
          {often}, last <RelativeTime at={lastRaisedAt} />
        </span>
      )}
      {acknowledged && (
        <span>
          Acknowledged by {acknowledged.by} <RelativeTime at={acknowledged.at} />
        </span>
      )}
      {resolvedAt && (
        <span>
          Over <RelativeTime at={resolvedAt} />
        </span>
      )}
      {wholeInstallation && <span>Whole installation</span>}
    </>
  );
}
