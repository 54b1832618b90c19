import type { RawSql } from '#db/client.ts';
import type { Caller } from '#server/auth/caller.ts';
import { type Permission, requirePermission } from '#server/auth/permissions.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { type Sight, sightOf } from '../questions/sight.ts';

/** Who acts, and what they may act upon. */
export interface Person {
  staffId: string;
  name: string;
  sight: Sight;
}

/** @throws Refusal `forbidden`: who answers for a difference is a person, not a key. */
export async function personOf(sql: RawSql, caller: Caller, permission: Permission): Promise<Person> {
  requirePermission(caller, permission);
  if (caller.kind !== 'staff') throw new Refusal('forbidden', 'Differences are dealt with by people, in the console.');
  return { staffId: caller.staffId, name: caller.name, sight: await sightOf(sql, caller) };
}

const longest = 2_000;

/** @throws Refusal `invalid_input` where it is too short or too long. */
export function requireText(text: string, { param, least }: { param: string; least: number }): string {
  const trimmed = text.trim();
  if (trimmed.length >= least && trimmed.length <= longest) return trimmed;
  throw new Refusal('invalid_input', `Write ${least} to ${longest} characters.`, { param });
}
