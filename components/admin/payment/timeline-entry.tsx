import type { ShownEntry } from '#server/trpc/payment-view.ts';
import { Amount } from '../../ui/amount.tsx';
import { StateBadge } from '../../ui/badge.tsx';
import { Coin } from '../../ui/coin.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { clock } from '../../ui/time.ts';
import { words } from '../../ui/words.ts';
import { BringIntoView } from './bring-into-view.tsx';
import { EntryDetails } from './entry-details.tsx';
import { eventTone, eventWords } from './event-words.ts';

const toneText = {
  neutral: 'text-ink-muted',
  muted: 'text-ink-muted',
  wait: 'text-wait',
  ok: 'text-ok',
  settled: 'text-ok',
  bad: 'text-bad',
  warn: 'text-warn',
} as const;

/** One event: what, how much, when, why, by whom, and what was said over the wire. */
export function TimelineEntry({
  entry,
  isNew,
  isFirstNew,
}: {
  entry: ShownEntry;
  isNew: boolean;
  isFirstNew: boolean;
}) {
  const { from, trigger, to, at, cause, actor, amount, currency, data } = entry;
  const tone = eventTone(trigger);
  return (
    <li
      data-trigger={trigger}
      data-new={isNew || undefined}
      className={`-mx-4 flex gap-3 border-line/60 px-4 py-2.5 not-first:border-t ${isNew ? 'bg-accent/8' : ''}`}
    >
      <span className={`pt-1 ${toneText[tone]}`}>
        <Coin tone={tone} />
      </span>
      <div className="grid min-w-0 grow gap-1">
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-14">
          {isFirstNew && <BringIntoView />}
          <span className="font-medium">{eventWords[trigger]}</span>
          {from !== to && <StateBadge state={to} />}
          {amount !== null && (
            <span className="ml-auto">
              <Amount value={amount} currency={currency} />
            </span>
          )}
        </p>
        <p className="flex flex-wrap gap-x-2 text-12 text-ink-muted">
          <span>
            {clock(at)} UTC · <RelativeTime at={at} />
          </span>
          <span>
            {words(cause)} · {actor}
          </span>
        </p>
        <EntryDetails data={data} />
      </div>
    </li>
  );
}
