import type { z } from 'zod';
import { type Failure, invalidRequest } from '../errors.ts';
import { expandField } from '../expand.ts';
import { bracketName, type Hash } from '../form.ts';
import * as fields from './fields.ts';

type Issue = z.core.$ZodIssue;

/** Why Florin refuses a parameter that the wire's own clients know, by its name in bracket style. */
export type Unsupported = Readonly<Record<string, string>>;

/** Every parameter of a client's method that the schema leaves out: forget one and it does not compile. */
export type Left<Params, Schema extends z.ZodType> = Record<Exclude<keyof Params, keyof z.output<Schema>>, string>;

/** What an endpoint takes: everything else is refused by name, for a parameter that is ignored is a promise broken. */
export interface Parameters<T> {
  schema: z.ZodType<T>;
  unsupported: Unsupported;
}

/** @throws Failure 400 that names one parameter: the first that is unknown, else the first that is wrong. */
export function readParameters<T>({ schema, unsupported }: Parameters<T>, sent: Hash): T {
  const result = schema.safeParse(sent);
  if (result.success) return result.data;
  const { issues } = result.error;
  const stranger = issues.find((issue) => issue.code === 'unrecognized_keys');
  if (stranger) throw unknown(stranger, unsupported);
  throw wrong(issues[0]);
}

function unknown(issue: Extract<Issue, { code: 'unrecognized_keys' }>, unsupported: Unsupported): Failure {
  const param = bracketName([...issue.path, issue.keys[0] ?? '']);
  const general = param.replaceAll(/\[\d+\]/g, '[]');
  const reason = Object.hasOwn(unsupported, general) ? unsupported[general] : undefined;
  const message = reason
    ? `Florin does not take the parameter ${param}: ${reason}.`
    : `Received unknown parameter: ${param}`;
  return invalidRequest(400, message, { code: 'parameter_unknown', param });
}

function wrong(issue: Issue | undefined): Failure {
  const param = bracketName(issue?.path ?? []);
  const code = issue?.code === 'custom' ? (issue.params?.code as string | undefined) : undefined;
  return invalidRequest(400, messageOf(issue, param, code), { ...(code ? { code } : {}), ...(param ? { param } : {}) });
}

function messageOf(issue: Issue | undefined, param: string, code: string | undefined): string {
  if (code === 'parameter_missing') return `Missing required param: ${param}.`;
  if (code === 'parameter_invalid_empty') {
    return `You passed an empty string for '${param}'. Leave it out, or send a value.`;
  }
  if (issue?.code === 'invalid_type') return `Invalid ${issue.expected === 'array' ? 'array' : 'hash'}`;
  return issue?.message ?? 'Invalid parameters';
}

/** For endpoints that take nothing but what to expand. */
export const expandAlone = { schema: fields.hash({ expand: expandField }), unsupported: {} };

/** For endpoints that give a list. */
export const pageParameters = {
  schema: fields
    .hash({
      ending_before: fields.optional(fields.text({ atMost: 200 })),
      expand: expandField,
      limit: fields.optional(fields.count({ from: 1, to: 100 })),
      starting_after: fields.optional(fields.text({ atMost: 200 })),
    })
    .superRefine(({ starting_after, ending_before }, ctx) => {
      if (!starting_after || !ending_before) return;
      const message = 'Received both starting_after and ending_before parameters. Please pass in only one.';
      ctx.addIssue({ code: 'custom', message });
    }),
  unsupported: {},
};
