import { openSql } from '#db/client.ts';
import { runWorker } from '#server/jobs/run.ts';
import { currentContext } from '#server/observability/context.ts';
import { awaitOrders, type Operation } from './fate.ts';

// The worker as it runs, and one that knows which job it is at when it dies.

/** A run may commit for many payments, so its commits are not counted. */
const jobs = new Map<string, Operation>();

function jobNow(): Operation | undefined {
  const { action } = currentContext();
  if (typeof action !== 'string') return undefined;
  const known = jobs.get(action) ?? { name: action, about: action, isOpen: true };
  jobs.set(action, known);
  return known;
}

/** Jobs look for work all the time, and mostly there is none: what is due, or was taken a moment ago. */
// biome-ignore format: a table
const due: Record<string, string> = {
  'payments.sweep': `operations WHERE status IN ('open', 'challenged', 'pending') AND (ask_at <= now() OR asked_at > now() - interval '1 s')`,
  'webhooks.take': `provider_webhooks WHERE status = 'received' AND (leased_until <= now() OR tries > 0)`,
  'checkout.fulfil-claim': `fulfilments WHERE status IN ('due', 'asked')`,
  'checkout.compensate-claim': `compensations WHERE closed_at IS NULL`,
};

let asking: ReturnType<typeof openSql> | undefined;

async function hasWork(place: string): Promise<boolean> {
  const of = due[place.split(':', 1)[0] ?? ''];
  if (of === undefined) return true;
  asking ??= openSql(process.env.FLORIN_DATABASE_URL ?? '', { application: 'chaos', max: 1 });
  const [row] = await asking.unsafe<{ any: boolean }[]>(`SELECT EXISTS (SELECT FROM ${of}) AS any`).catch(() => []);
  return row?.any ?? false;
}

const failpoint = await awaitOrders(jobNow, hasWork);
await runWorker({ failpoint });
