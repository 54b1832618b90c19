import type { RawSql } from '#db/client.ts';
import type { fill } from './healthy.ts';

/** The payments of the healthy house, by name. */
export type Healthy = Awaited<ReturnType<typeof fill>>;

/** A corruption, as a superuser could make it, in a transaction in which triggers and foreign keys are silent. */
export type Corruption = (sql: RawSql, of: Healthy) => PromiseLike<unknown>;
