import type { ShownOrderEntry } from '#server/trpc/order-view.ts';
import type { Tone } from '../../tone.ts';
import { Badge } from '../../ui/badge.tsx';
import { Coin } from '../../ui/coin.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { clock } from '../../ui/time.ts';
import { words } from '../../ui/words.ts';
import { orderEventTone, orderEventWords, orderTones } from './order-words.ts';

const toneText: Record<Tone, string> = {
  neutral: 'text-ink-muted',
  muted: 'text-ink-muted',
  wait: 'text-wait',
  ok: 'text-ok',
  settled: 'text-ok',
  bad: 'text-bad',
  warn: 'text-warn',
};

/** Everything that happened to an order, newest last. */
export function OrderTimeline({ entries }: { entries: ShownOrderEntry[] }) {
  return (
    <ol className="rounded-card border px-4">
      {entries.map((entry) => (
        <Entry key={entry.seq} entry={entry} />
      ))}
    </ol>
  );
}

function Entry({ entry: { trigger, from, to, at, cause, actor, data } }: { entry: ShownOrderEntry }) {
  const tone = orderEventTone(trigger);
  const why = data.reason ?? data.why;
  return (
    <li data-trigger={trigger} className="-mx-4 flex gap-3 border-line/60 px-4 py-2.5 not-first:border-t">
      <span className={`pt-1 ${toneText[tone]}`}>
        <Coin tone={tone} />
      </span>
      <div className="grid min-w-0 grow gap-1">
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-14">
          <span className="font-medium">{orderEventWords[trigger]}</span>
          {from !== to && <Badge tone={orderTones[to]}>{words(to)}</Badge>}
        </p>
        {why && <p className="text-13 break-words">{words(why)}</p>}
        <p className="flex flex-wrap gap-x-2 text-12 text-ink-muted">
          <span>
            {clock(at)} UTC · <RelativeTime at={at} />
          </span>
          <span>
            {words(cause)} · {actor}
          </span>
        </p>
      </div>
    </li>
  );
}
