import type { Failpoint } from '#db/failpoints.ts';
import { compose } from '#server/composition/rooms.ts';
import { systemClock } from '#server/kernel/clock.ts';
import { readEnv, requireHttps } from '#server/kernel/env.ts';
import { followedClock } from '#server/kernel/followed-clock.ts';
import { showId } from '#server/kernel/id.ts';
import { systemRandom as random } from '#server/kernel/secret.ts';
import { tellClockSet } from '#server/observability/clock-set.ts';
import { makeLog } from '#server/observability/log.ts';
import { makeWebhookList } from '#server/webhooks/list.ts';
import { makeBooks } from './make-books.ts';
import type { Rooms } from './rooms.ts';
import { webSettings } from './settings.ts';
import { makeStaff } from './staff.ts';

/**
 * Makes the web process's rooms.
 *
 * @param failpoint  Stops or kills at named places of a transaction; only tests hand one in.
 * @throws BadSettings with a sentence for each missing or malformed setting.
 */
export function makeRooms(
  environment: NodeJS.ProcessEnv,
  { failpoint }: { failpoint?: Failpoint } = {},
): Rooms & { close(): Promise<void> } {
  const env = readEnv(webSettings, environment);
  const { FLORIN_VAULT_PUBLIC_URL, NEXTAUTH_URL } = env;
  if (env.FLORIN_MODE === 'live') {
    const framed = env.FLORIN_CHALLENGE_ORIGINS.map((origin) => ['FLORIN_CHALLENGE_ORIGINS', origin] as const);
    requireHttps([...Object.entries({ FLORIN_VAULT_PUBLIC_URL, NEXTAUTH_URL }), ...framed]);
  }
  const log = makeLog('web');
  const { clock, follow } = followedClock(systemClock);
  const made = compose(env, { service: 'web', clock, random, log, ...(failpoint && { failpoint }) });
  const following = follow(made.databaseTime, tellClockSet(log));
  return {
    ...made,
    staff: makeStaff(made.db, { clock, random, log }),
    ...makeBooks(made),
    webhooks: makeWebhookList(made.sql),
    webOrigin: new URL(env.FLORIN_WEB_URL).origin,
    trustedHops: env.FLORIN_TRUSTED_HOPS,
    requestId: () => showId('request', made.ids()),
    async close() {
      (await following)();
      await made.close();
    },
  };
}
