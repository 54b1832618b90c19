import { invalidRequest } from './errors.ts';
import * as fields from './parameters/fields.ts';

/** What the caller wants written out instead of named, as dotted paths, with the paths that lead there. */
export type Expand = ReadonlySet<string>;

export const expandField = fields.optional(fields.list(fields.text({ atMost: 100 }), { atMost: 20 }));

const nothing: Expand = new Set();

/** @throws Failure 400 where a path is not one of `expandable`. */
export function readExpand(wanted: readonly string[] | undefined, expandable: readonly string[]): Expand {
  if (!wanted) return nothing;
  const stranger = wanted.find((path) => !expandable.includes(path));
  if (stranger !== undefined) {
    const hint =
      expandable.length > 0 ? `Here you can expand ${expandable.join(', ')}.` : 'Nothing can be expanded here.';
    throw invalidRequest(400, `This property cannot be expanded (${stranger}). ${hint}`, { param: 'expand' });
  }
  return new Set(wanted.flatMap(ways));
}

/** `a.b.c` leads through `a` and `a.b`. */
function ways(path: string): string[] {
  const parts = path.split('.');
  return parts.map((_, index) => parts.slice(0, index + 1).join('.'));
}

/** The paths below `property`, as an object there sees them. */
export function below(expand: Expand, property: string): Expand {
  if (expand.size === 0) return nothing;
  const prefix = `${property}.`;
  return new Set([...expand].filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length)));
}
