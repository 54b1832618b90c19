import type { RawSql } from '#db/client.ts';
import type { Caller } from '#server/auth/caller.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { figuresByDay } from './days.ts';
import { type DifferencesInput, differenceById, listDifferences, openTotals } from './differences.ts';
import { type FilesInput, fileById, listFiles } from './files.ts';
import { type LinesInput, lineOf, listLines, listQuarantined } from './lines.ts';
import { sightOf } from './sight.ts';
import { listBankLines, listStatements, statementById } from './statements.ts';

export type ReconciliationPages = ReturnType<typeof makeReconciliationPages>;

/**
 * What the console asks about reconciliation. Each question shows what is the caller's merchant's; see `sightOf` for
 * what is nobody's.
 */
export function makeReconciliationPages({ sql, clock }: { sql: RawSql; clock: Clock }) {
  return {
    /** Whether this caller may see whole files, and put some in. */
    seesWhole: async (caller: Caller) => (await sightOf(sql, caller)).whole,
    files: async (caller: Caller, input: FilesInput) => listFiles(sql, await sightOf(sql, caller), input),
    /** @throws Refusal `not_found`, as of all questions about one thing. */
    file: async (caller: Caller, id: string) => fileById(sql, await sightOf(sql, caller), id),
    lines: async (caller: Caller, input: LinesInput) => listLines(sql, await sightOf(sql, caller), input),
    line: async (caller: Caller, at: { fileId: string; line: number }) => lineOf(sql, await sightOf(sql, caller), at),
    quarantined: async (caller: Caller, input: { fileId: string; after?: number; limit: number }) =>
      listQuarantined(sql, await sightOf(sql, caller), input),
    days: async (caller: Caller, days: number) =>
      figuresByDay(sql, await sightOf(sql, caller), { now: clock.now(), days }),
    differences: async (caller: Caller, input: DifferencesInput) =>
      listDifferences(sql, await sightOf(sql, caller), input),
    /** By currency: how many are open, how much they come to, since when the oldest waits. */
    open: async (caller: Caller) => openTotals(sql, await sightOf(sql, caller)),
    difference: async (caller: Caller, id: string) => differenceById(sql, await sightOf(sql, caller), id),
    statements: async (caller: Caller, input: { after?: string; limit: number }) =>
      listStatements(sql, await sightOf(sql, caller), input),
    statement: async (caller: Caller, id: string) => statementById(sql, await sightOf(sql, caller), id),
    bankLines: async (caller: Caller, input: { statementId: string; after?: number; limit: number }) =>
      listBankLines(sql, await sightOf(sql, caller), input),
  };
}
