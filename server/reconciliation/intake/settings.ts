import { z } from 'zod';
import type { Reader } from '#server/kernel/env.ts';
import { Secret } from '#server/kernel/secret.ts';

/** Where one provider's settlement files are fetched from, and when they are expected. */
export interface SettlementSetting {
  /** The list is at `/settlements` below it. */
  url: string;
  key: Secret;
  /** Whose midnight ends its business day: a name of the IANA time zone database. */
  timeZone: string;
  /** Minutes after that midnight by which the day's file is there. */
  dueAfter: number;
}

const setting = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/$/, '')),
  key: z.string().min(1),
  timeZone: z.string().refine(isTimeZone).default('UTC'),
  dueBy: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
    .default('06:00'),
});

/** For the environment: a JSON object of providers by name. */
export const readSettlementSettings: Reader<ReadonlyMap<string, SettlementSetting>> = (text) => {
  const read = z.record(z.string(), setting).safeParse(parse(text));
  if (!read.success) {
    throw new Error(
      'it must be JSON such as {"alder":{"url":"https://reports.example","key":"its key","timeZone":"UTC","dueBy":"06:00"}}',
    );
  }
  return new Map(
    Object.entries(read.data).map(([name, { url, key, timeZone, dueBy }]) => {
      const [hours = 0, minutes = 0] = dueBy.split(':').map(Number);
      return [name, { url, key: new Secret(key), timeZone, dueAfter: hours * 60 + minutes }];
    }),
  );
};

/** The last business day whose file has to be there: `2026-11-21`. */
export function dueDay({ timeZone, dueAfter }: Pick<SettlementSetting, 'timeZone' | 'dueAfter'>, now: Date): string {
  const local = dayIn(timeZone, new Date(now.getTime() - dueAfter * 60_000));
  return new Date(Date.parse(local) - 24 * 3_600_000).toISOString().slice(0, 10);
}

function dayIn(timeZone: string, at: Date): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const found = Object.fromEntries(parts.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${found.year}-${found.month}-${found.day}`;
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
