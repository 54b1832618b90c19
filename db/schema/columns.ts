import { bigint, timestamp, uuid } from 'drizzle-orm/pg-core';

/** Minor units of the row's currency. */
export const minorUnits = () => bigint({ mode: 'bigint' });

/** Always handed in by the clock seam, never `now()`: virtual time has to be able to move it. */
export const moment = () => timestamp({ withTimezone: true, precision: 3, mode: 'date' });

/** UUIDv7 from `kernel/id`, so that an index on it grows at one end. */
export const id = () => uuid();
