import { readProviders } from '#server/providers/settings.ts';

/** An operator who lets a hundred clients in at once. */
const limits = {
  authorize: { atOnce: 120, waiting: 200 },
  capture: { atOnce: 120, waiting: 200 },
};

export const acquirer = { name: 'alder', kind: 'sandbox', feeBasisPoints: 140, feeFixed: 25, limits };

export const providerSettings = () => readProviders(JSON.stringify([acquirer]));
