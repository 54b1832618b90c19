import type { Receiver } from '#server/alerts/alerts.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { channelWords } from './alert-words.ts';
import { RemoveButton } from './remove-button.tsx';

/** Where a merchant's people are told. */
export function ReceiverList({ rows, mayRemove }: { rows: Receiver[]; mayRemove: boolean }) {
  if (rows.length === 0) {
    return (
      <EmptyState title="Nobody is told yet">
        Alerts are shown in the console. Name an e-mail address, a webhook or a PagerDuty service, and they arrive there
        too; until then whoever runs this installation is told.
      </EmptyState>
    );
  }
  return (
    <ul aria-label="Who is told" className="border-t">
      {rows.map(({ id, channel, address }) => (
        <li key={id} className="flex min-h-12 items-center gap-4 border-b py-2">
          <span className="w-20 shrink-0 text-13 text-ink-muted">{channelWords[channel]}</span>
          <span className="min-w-0 grow wrap-anywhere text-14">{address}</span>
          {mayRemove && <RemoveButton id={id} address={address} />}
        </li>
      ))}
    </ul>
  );
}
