import { answers } from './answers.ts';
import { books } from './books.ts';
import { capped } from './caps.ts';
import { consumers } from './consumers.ts';
import { effects } from './effects.ts';
import { folded } from './folded.ts';
import { guards } from './guards.ts';
import { holding } from './holds.ts';
import type { Invariant } from './invariant.ts';
import { keys } from './keys.ts';
import { merchants } from './merchants.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { operations } from './operations.ts';
import { orders } from './orders.ts';
import { ordersLog } from './orders-log.ts';
import { people } from './people.ts';
import { postings } from './postings.ts';
import { promises } from './promises.ts';
import { readModels } from './read-models.ts';
import { settled } from './settled.ts';
import { theLog } from './the-log.ts';
import { waiting } from './waiting.ts';

/** All that Florin promises about money, in the order in which it is told. */
export const invariants: readonly Invariant[] = [
  ...oneAtATime,
  ...capped,
  ...theLog,
  ...ordersLog,
  ...guards,
  ...folded,
  ...postings,
  ...operations,
  ...keys,
  ...orders,
  ...consumers,
  ...effects,
  ...readModels,
  ...waiting,
  ...merchants,
  ...people,
  ...books,
  ...holding,
  ...answers,
  ...promises,
  ...settled,
].sort((one, other) => one.id.localeCompare(other.id, 'en', { numeric: true }));
