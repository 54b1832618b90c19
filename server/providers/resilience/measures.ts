import { counter, gauge, histogram } from '#server/observability/metrics.ts';
import type { ProviderHealth } from '../contract.ts';

const calls = counter({
  name: 'florin_provider_calls_total',
  help: 'What became of what was asked of a provider.',
  labels: ['provider', 'kind', 'outcome'],
});
const seconds = histogram({
  name: 'florin_provider_seconds',
  help: 'How long a caller waited for a provider, its turn included.',
  labels: ['provider', 'kind'],
});
const repetitions = counter({
  name: 'florin_provider_repetitions_total',
  help: 'Questions that were asked again at once.',
  labels: ['provider'],
});
const stopped = gauge({
  name: 'florin_provider_charges_stopped',
  help: 'New charges: 0 they flow, 0.5 one is let through to see, 1 they are stopped.',
  labels: ['provider'],
});
const levels = { closed: 0, half_open: 0.5, open: 1 };

/** What is measured of one provider. */
export function measuresOf(provider: string) {
  return {
    called({ kind, outcome, milliseconds }: { kind: string; outcome: string; milliseconds: number }) {
      calls.inc({ provider, kind, outcome });
      seconds.observe({ provider, kind }, milliseconds / 1000);
    },
    repeated: () => repetitions.inc({ provider }),
    charges: (state: ProviderHealth['charges']) => stopped.set({ provider }, levels[state]),
  };
}
