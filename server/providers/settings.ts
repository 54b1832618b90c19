import { z } from 'zod';
import type { Reader } from '#server/kernel/env.ts';
import { isCurrency } from '#server/kernel/money.ts';
import { limits } from './resilience/limits.ts';

const setting = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  kind: z.enum(['sandbox', 'stripe']),
  /** What a capture costs there: hundredths of a per cent of the amount, and minor units. */
  feeBasisPoints: z.int().min(0).max(10_000),
  feeFixed: z.int().min(0),
  /** What it takes; every currency where left out. */
  currencies: z.array(z.string().refine(isCurrency)).default([]),
  /** How much may be under way there, and when charges are stopped. */
  limits,
});

/** One provider as the operator names it. */
export type ProviderSetting = z.infer<typeof setting>;

/** For the environment: a JSON array of providers, in the operator's order of preference, each name once. */
export const readProviders: Reader<ProviderSetting[]> = (text) => {
  const read = z.array(setting).min(1).safeParse(parse(text));
  if (!read.success || new Set(read.data.map(({ name }) => name)).size < read.data.length) {
    throw new Error(
      'it must be a JSON array such as [{"name":"alder","kind":"sandbox","feeBasisPoints":140,"feeFixed":25}]',
    );
  }
  return read.data;
};

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
