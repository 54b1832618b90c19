import type { ShownAlert } from '#server/trpc/alerts.ts';
import type { Tone } from '../../tone.ts';

export const severityTones = { critical: 'bad', warning: 'warn', info: 'neutral' } as const satisfies Record<
  ShownAlert['severity'],
  Tone
>;

type Telling = ShownAlert['told'][number];

export const channelWords = { email: 'E-mail', webhook: 'Webhook', pagerduty: 'PagerDuty' } as const satisfies Record<
  Telling['channel'],
  string
>;

const newsWords = {
  raised: 'told',
  acknowledged: 'told of the acknowledgement',
  resolved: 'told that it is over',
} as const;

/** "told", "not told yet: answered 503 (3 tries)", "never told that it is over: …". */
export function tellingWords({ news, standing, tries, lastAnswer }: Omit<Telling, 'id'>): string {
  const what = newsWords[news];
  if (standing === 'delivered') return what;
  const why = lastAnswer ? `: ${lastAnswer}` : '';
  const often = tries > 1 ? ` (${tries} tries)` : '';
  return standing === 'given_up' ? `never ${what}${why}${often}` : `not ${what} yet${why}${often}`;
}

/** "3 times", or nothing to say. */
export function timesWords(times: number): string | undefined {
  return times > 1 ? `${times} times` : undefined;
}
