import { readAlder } from './sandbox/settlement-alder.ts';
import { readBirch } from './sandbox/settlement-birch.ts';
import type { ReadReport } from './settlement-line.ts';
import { readStripe } from './stripe/settlement.ts';

export type { BadLine, LineKind, ReadLine, ReadReport } from './settlement-line.ts';

const readers: Record<string, ReadReport> = { alder: readAlder, birch: readBirch, stripe: readStripe };

/** @returns undefined for a provider whose reports are unknown here. */
export function settlementReaderOf(provider: string): ReadReport | undefined {
  return Object.hasOwn(readers, provider) ? readers[provider] : undefined;
}
