import { z } from 'zod';
import { type IdKind, readId } from '#server/kernel/id.ts';

/** A shown id as an input, `ch_…`; the procedure gets the uuid behind it. */
export function shownId(kind: IdKind) {
  return z.string().transform((text, check) => {
    const uuid = readId(kind, text);
    if (uuid) return uuid;
    check.addIssue({ code: 'custom', message: `There is no such ${kind}` });
    return z.NEVER;
  });
}
