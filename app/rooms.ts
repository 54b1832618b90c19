import { processWide } from '#server/observability/process-wide.ts';
import { makeRooms } from '#server/trpc/make-rooms.ts';
import type { Rooms } from '#server/trpc/rooms.ts';

/** The web process's rooms, made from its environment at the first call and never twice. */
export function rooms(): Rooms {
  return processWide('web', () => makeRooms(process.env));
}
