import type { ReactNode } from 'react';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { clock } from '../../ui/time.ts';
import { words } from '../../ui/words.ts';
import { Fact, FactList } from '../fact.tsx';
import { Exchange } from '../payment/exchange.tsx';
import { isRecord } from '../payment/record.ts';

/** In the order in which it happened. */
const names: Readonly<Record<string, string>> = {
  sends: 'Sent',
  opened: 'First sent',
  last_sent: 'Last sent',
  inquiries: 'Asked about',
  last_asked: 'Last asked',
  status: 'Stands as',
  closed_as: 'Was closed as',
  code: 'Code',
  message: 'Last words',
  provider_ref: 'Provider id',
};

const order = Object.keys(names);
const place = (name: string) => (name in names ? order.indexOf(name) : order.length);

/** What is known: how often it was sent and asked about, when, and what was said last. */
export function Evidence({ evidence }: { evidence: Record<string, unknown> }) {
  const { exchange, provider: _, ...facts } = evidence;
  return (
    <>
      <FactList title="What is known">
        {Object.entries(facts)
          .filter(([, value]) => value !== null && value !== undefined && value !== '')
          .sort(([one], [other]) => place(one) - place(other))
          .map(([name, value]) => (
            <Fact key={name} name={names[name] ?? words(name)}>
              {shown(name, value)}
            </Fact>
          ))}
      </FactList>
      {isRecord(exchange) && (
        <div className="mt-3">
          <Exchange exchange={exchange} />
        </div>
      )}
    </>
  );
}

const moment = /^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|\+00:00)$/;

function shown(name: string, value: unknown): ReactNode {
  if (typeof value === 'number' && (name === 'sends' || name === 'inquiries')) return times(value);
  if (typeof value === 'string' && moment.test(value)) return <Moment at={new Date(value)} />;
  if (typeof value === 'string') return name === 'provider_ref' ? value : words(value);
  return JSON.stringify(value);
}

function times(count: number): string {
  if (count === 0) return 'never';
  return count === 1 ? 'once' : `${count} times`;
}

function Moment({ at }: { at: Date }) {
  return (
    <>
      {clock(at)} UTC · <RelativeTime at={at} />
    </>
  );
}
