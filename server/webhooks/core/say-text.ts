import { isClean } from '#server/observability/redact.ts';
import type { Say } from '#server/providers/contract.ts';
import { withoutCardNumbers } from './card-numbers.ts';

/** What a provider says as text, so that a worker can take it up where the process that heard it has died. */
export function writeSay(say: Say): string {
  return JSON.stringify(scrubbed(say), (_, value: unknown) =>
    typeof value === 'bigint' ? { minorUnits: value.toString() } : value,
  );
}

export function readSay(text: string): Say {
  return JSON.parse(text, (_, value: unknown) => {
    const { minorUnits } = Object(value) as { minorUnits?: unknown };
    return typeof minorUnits === 'string' ? BigInt(minorUnits) : value;
  }) as Say;
}

/** Whether two texts say the same about money, in whatever words the provider put it. */
export function sameSay(left: string | null, right: string | null): boolean {
  return meaning(left) === meaning(right);
}

function meaning(text: string | null): string | null {
  if (text === null) return null;
  return JSON.stringify(JSON.parse(text), (name, value: unknown) => (name === 'exchange' ? undefined : value));
}

/** The provider's own words end on a timeline: what passes the vault's egress is scrubbed there, and this is not. */
function scrubbed(say: Say): Say {
  if (say.about === 'operation') {
    const { outcome } = say;
    return {
      ...say,
      outcome: { ...outcome, exchange: { ...outcome.exchange, answer: clean(outcome.exchange.answer) } },
    };
  }
  return { ...say, exchange: { ...say.exchange, answer: clean(say.exchange.answer) } };
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return withoutCardNumbers(value);
  if (typeof value === 'number' || typeof value === 'bigint') return isClean(String(value)) ? value : '[redacted]';
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [withoutCardNumbers(name), clean(field)]));
}
