import type { RawSql } from '#db/client.ts';
import { toMatch } from './files.ts';
import { type Sight, seenBy } from './sight.ts';
import type { DayFigures, Matching } from './view.ts';

const dayLength = 24 * 60 * 60 * 1000;

interface Counted {
  day: string;
  opened: number;
  ended: number;
}

/** The last `days` days up to today, in UTC, oldest first: what was matched, and what was open when each one ended. */
export async function figuresByDay(
  sql: RawSql,
  sight: Sight,
  { now, days }: { now: Date; days: number },
): Promise<DayFigures[]> {
  const list = lastDays(now, days);
  const since = new Date(`${list[0]}T00:00:00Z`);
  const [runs, changes, open] = await Promise.all([
    sight.whole ? matchedByDay(sql, list[0] ?? '') : [],
    changesByDay(sql, sight, since),
    countOpen(sql, sight),
  ]);
  const matching = new Map(runs.map(({ day, ...run }) => [day, run]));
  const changed = new Map(changes.map((change) => [change.day, change]));
  const figures: DayFigures[] = [];
  let stillOpen = open;
  // From today's number back: what a day opened was not open the evening before, and what it ended was.
  for (const day of list.toReversed()) {
    figures.push({ day, matching: matching.get(day) ?? null, open: stillOpen });
    stillOpen += (changed.get(day)?.ended ?? 0) - (changed.get(day)?.opened ?? 0);
  }
  return figures.toReversed();
}

function lastDays(now: Date, days: number): string[] {
  return Array.from({ length: days }, (_, back) =>
    new Date(now.getTime() - (days - 1 - back) * dayLength).toISOString().slice(0, 10),
  );
}

function matchedByDay(sql: RawSql, since: string) {
  return sql<(Matching & { day: string })[]>`
    SELECT day::text AS day, sum(${toMatch(sql)})::int AS "toMatch", sum(r.matched)::int AS matched
    FROM reconciliation_runs r WHERE day >= ${since}::date GROUP BY day ORDER BY day LIMIT 400`;
}

function changesByDay(sql: RawSql, sight: Sight, since: Date) {
  return sql<Counted[]>`
    SELECT (at AT TIME ZONE 'UTC')::date::text AS day, count(*) FILTER (WHERE opens)::int AS opened,
      count(*) FILTER (WHERE NOT opens)::int AS ended
    FROM (
      SELECT opened_at AS at, true AS opens FROM discrepancies WHERE opened_at >= ${since} AND ${seenBy(sql, sight)}
      UNION ALL
      SELECT ended_at, false FROM discrepancies WHERE ended_at >= ${since} AND ${seenBy(sql, sight)}) AS change
    GROUP BY 1 LIMIT 400`;
}

async function countOpen(sql: RawSql, sight: Sight): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    SELECT count(*)::int AS count FROM discrepancies WHERE ended_at IS NULL AND ${seenBy(sql, sight)}`;
  return row?.count ?? 0;
}
