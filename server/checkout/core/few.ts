import type { RawSql } from '#db/client.ts';

/**
 * True of each row of a batch, whose `n` counts from 0. It is there for the planner, who takes a list in JSON for a
 * hundred rows, and would rather read a small table from end to end than look so many up, and go on doing so with a
 * plan that it keeps while the table grows. Of what lies between two bounds it expects next to nothing.
 */
export const looksFew = (sql: RawSql) => sql`n BETWEEN 0 AND 9999`;
