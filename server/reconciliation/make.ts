import { watch } from '#server/alerts/watch.ts';
import { matchBank } from './bank/match-bank.ts';
import { confirmEnd, proposeEnd, withdrawEnd } from './differences/end.ts';
import { assign, note, resolve } from './differences/look-after.ts';
import { fetchFiles } from './intake/fetch-files.ts';
import type { SettlementSetting } from './intake/settings.ts';
import type { ReportSource } from './intake/source.ts';
import { work } from './matching/work.ts';
import type { Reconciliation } from './reconciliation.ts';
import type { Room } from './room.ts';
import { differencesOpen, filesLate } from './watch.ts';

export interface ReconciliationSeams extends Omit<Room, 'providers'> {
  /** What is expected of providers, and where their files come from; none where people upload them. */
  settlements?: ReadonlyMap<string, SettlementSetting>;
  reports?: ReadonlyMap<string, ReportSource>;
}

/** Makes the room: its verbs and its questions, over the seams that it was given. */
export function makeReconciliation(room: ReconciliationSeams): Reconciliation {
  const { sql, clock, alerts, settlements = new Map<string, SettlementSetting>() } = room;
  const reports = room.reports ?? new Map<string, ReportSource>();
  return {
    fetch: () => fetchFiles(room, reports),
    work: (limit) => work(room, limit),
    matchBank: (limit) => matchBank(room, limit),
    watch: () =>
      watch(alerts, {
        differences_open: () => differencesOpen(sql, clock.now()),
        settlement_late: () => filesLate(sql, clock.now(), settlements),
      }),
    assign: (caller, input) => assign(room, caller, input),
    note: (caller, input) => note(room, caller, input),
    resolve: (caller, input) => resolve(room, caller, input),
    proposeEnd: (caller, input) => proposeEnd(room, caller, input),
    confirmEnd: (caller, input) => confirmEnd(room, caller, input),
    withdrawEnd: (caller, input) => withdrawEnd(room, caller, input),
  };
}
