import type { Unguarded } from './unguarded.ts';

/** The classic outbox that polls what is behind its cursor. */
const unfenced: Unguarded = {
  name: 'a log that is read to its end',
  scene: 'consumers',
  why: 'Readers no longer stop at the oldest transaction under way: what commits later with an earlier number is skipped.',
  edits: [
    {
      file: 'server/events/read.ts',
      find: 'sql`(e.epoch < log_epoch() OR e.tx < pg_snapshot_xmin(pg_current_snapshot()))`',
      replace: 'sql`(e.epoch <= log_epoch())`',
    },
  ],
};

const unlocked: Unguarded = {
  name: 'a cursor that two may hold',
  scene: 'consumers',
  why: 'Nobody locks the cursor: two workers do the same events.',
  edits: [
    {
      file: 'server/events/core/cursor.ts',
      find: ' FOR UPDATE SKIP LOCKED',
      replace: '',
    },
  ],
};

export const consumers = [unfenced, unlocked];
