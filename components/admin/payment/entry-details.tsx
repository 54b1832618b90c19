import type { ReactNode } from 'react';
import { clock } from '../../ui/time.ts';
import { words } from '../../ui/words.ts';
import { brandName } from '../card-short.tsx';
import { Exchange } from './exchange.tsx';
import { isRecord } from './record.ts';

/** What an event carries beside its columns: verdicts and reasons in words, and the exchange with the provider. */
export function EntryDetails({ data }: { data: Record<string, unknown> }) {
  const { exchange, ...told } = data;
  const facts = factsOf(told);
  return (
    <>
      {facts.length > 0 && (
        <dl className="flex flex-wrap gap-x-4 gap-y-0.5 text-12">
          {facts.map(([name, value]) => (
            <Fact key={name} name={name}>
              {value}
            </Fact>
          ))}
        </dl>
      )}
      {isRecord(exchange) && <Exchange exchange={exchange} />}
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 gap-1.5">
      <dt className="shrink-0 text-ink-muted">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}

/** Rows that an event points at: their groups stand beside it, and their raw ids tell nobody anything. */
const ids: ReadonlySet<string> = new Set(['escalation', 'blocks', 'cancel']);

/** Name and value of each thing told, in the words of people who look after payments. */
function factsOf({
  brand,
  last4,
  risk,
  provider_ref: ref,
  code,
  reason,
  why,
  until,
  ...others
}: Record<string, unknown>) {
  const rest = Object.entries(others).filter(([name]) => !ids.has(name));
  const facts: [string, string | undefined][] = [
    ['Card', brand === undefined ? undefined : `${brandName(String(brand))} ending ${String(last4)}`],
    ['Risk score', isRecord(risk) ? `${String(risk.score)} of 100${reasonsOf(risk.reasons)}` : undefined],
    ['Code', typeof code === 'string' ? words(code) : undefined],
    ['Reason', typeof reason === 'string' ? words(reason) : undefined],
    ['Why', typeof why === 'string' ? words(why) : undefined],
    ['Until', typeof until === 'string' ? `${clock(new Date(until))} UTC` : undefined],
    ...rest.map(([name, value]): [string, string | undefined] => [words(name), textOf(value)]),
    ['Provider id', textOf(ref)],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== undefined);
}

function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function reasonsOf(reasons: unknown): string {
  if (!Array.isArray(reasons) || reasons.length === 0) return '';
  return `: ${reasons.map((reason) => (isRecord(reason) ? String(reason.says) : String(reason))).join('; ')}`;
}
