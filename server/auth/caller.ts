import type { modes, roles } from '#db/schema/auth.ts';

/** Whether money is real. A key, and every row made with it, belongs to one of the two. */
export type Mode = (typeof modes)[number];

/** What a person is to their merchant; what each role may do stands in `permissions.ts`. */
export type Role = (typeof roles)[number];

/** Who asks. Made at a process's door, by this room, and handed on to every verb. */
export type Caller =
  | { kind: 'merchant_key'; merchantId: string; keyId: string; mode: Mode }
  | { kind: 'staff'; merchantId: string; staffId: string; name: string; role: Role }
  | { kind: 'shopper'; merchantId: string; sessionId: string }
  | { kind: 'workload'; merchantId: string; name: string };

/** Who is written into the log as the one who did it; `id` is a uuid, for a workload its name. */
export interface Actor {
  kind: Caller['kind'];
  id: string;
}

export function actorOf(caller: Caller): Actor {
  switch (caller.kind) {
    case 'merchant_key':
      return { kind: caller.kind, id: caller.keyId };
    case 'staff':
      return { kind: caller.kind, id: caller.staffId };
    case 'shopper':
      return { kind: caller.kind, id: caller.sessionId };
    case 'workload':
      return { kind: caller.kind, id: caller.name };
  }
}
