import type { Rooms } from './rooms.ts';

/** What a procedure is called with. Who calls is not here: `can` and `shopperOf` find that out, anew on each call. */
export interface Context {
  rooms: Rooms;
  /** Shown id of this request, `req_…`: on its log lines, and on every error that a person sees. */
  request: string;
  /** Staff session named by the signed cookie; nobody has looked yet whether it still lives. */
  seat: string | undefined;
  /** The client's network address, as the last hop before us wrote it down. */
  address: string;
}
