import type { RawSql } from '#db/client.ts';
import { actorOf, type Caller } from '#server/auth/caller.ts';
import { requirePermission } from '#server/auth/permissions.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import type { AlertView } from '../alerts.ts';
import { alertById, sightOf, visibleTo } from './list.ts';
import { type Naming, tellAgain } from './raise.ts';

/** Somebody has seen it, and sees to it. Only the first is written down. */
export async function acknowledgeIn(
  tx: RawSql,
  naming: Naming,
  { caller, alertId }: { caller: Caller; alertId: string },
): Promise<AlertView> {
  requirePermission(caller, 'alerts:acknowledge');
  const sight = await sightOf(tx, caller);
  const { id, kind } = actorOf(caller);
  const name = caller.kind === 'staff' ? caller.name : kind;
  const [first] = await tx<{ id: string }[]>`
    UPDATE alerts SET acknowledged_at = ${naming.clock.now()}, acknowledged_by = ${id}, acknowledged_by_name = ${name}
    WHERE id = ${alertId} AND ${visibleTo(tx, sight)} AND acknowledged_at IS NULL AND resolved_at IS NULL
    RETURNING id`;
  if (first) await tellAgain(tx, naming, { alertId, news: 'acknowledged' });
  const view = await alertById(tx, sight, alertId);
  if (!view) throw new Refusal('not_found', 'No such alert.');
  return view;
}
