import type { Case } from './case.ts';
import { eventLog } from './cases/event-log.ts';
import { growth } from './cases/growth.ts';
import { hot } from './cases/hot.ts';
import { lifecycle } from './cases/lifecycle.ts';
import { lists } from './cases/lists.ts';
import { overHttp } from './cases/over-http.ts';
import { posts } from './cases/posts.ts';
import { reconcile } from './cases/reconcile.ts';
import { saga } from './cases/saga.ts';
import { sustained } from './cases/sustained.ts';
import { peers } from './peers/peers.ts';

/** In the order in which they run. */
export const cases: readonly Case[] = [
  lifecycle,
  posts,
  overHttp,
  saga,
  hot,
  eventLog,
  lists,
  reconcile,
  sustained,
  growth,
];

/** With those that run by their name alone, since they have to be fetched from npm first. */
const known: readonly Case[] = [...cases, peers];

/** @throws Error in one sentence, where a name is none of the cases. */
export function chosen(names: readonly string[]): readonly Case[] {
  if (names.length === 0) return cases;
  return names.map((name) => {
    const one = known.find((other) => other.name === name);
    if (!one) throw new Error(`There is no case ${name}: name ${known.map((other) => other.name).join(', ')}.`);
    return one;
  });
}
