import type { Edit } from '../../scratch.ts';
import { lines } from '../mistake.ts';

const guards = 'db/migrations/florin/0001_guards.sql';

/** Takes down the walls behind the compare-and-swap: that a log is one path, and that what is closed stays closed. */
export const withoutWalls: readonly Edit[] = [
  {
    file: guards,
    find: lines(
      '  WHERE p.id IS NULL OR p.merchant_id <> e.merchant_id OR p.version < e.seq',
      '     OR (e.seq > 1 AND before.to_state IS DISTINCT FROM e.from_state)',
    ),
    replace: '  WHERE p.id IS NULL OR p.merchant_id <> e.merchant_id OR p.version < e.seq',
  },
  {
    file: guards,
    find: 'FROM was o WHERE o.closed_at IS NOT NULL LIMIT 1;',
    replace: 'FROM was o WHERE false LIMIT 1;',
  },
];
