import { type TRPC_ERROR_CODE_KEY, TRPCError } from '@trpc/server';
import { z } from 'zod';
import { type Refusal, type RefusalCode, refusals } from '#server/kernel/refusal.ts';

/** What every error says to a browser, beside its message. */
export interface Shown {
  code: RefusalCode | 'internal';
  message: string;
  /** Name of the input at fault. */
  param: string | undefined;
}

const codes: Record<number, TRPC_ERROR_CODE_KEY> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  409: 'CONFLICT',
  413: 'PAYLOAD_TOO_LARGE',
  429: 'TOO_MANY_REQUESTS',
  503: 'SERVICE_UNAVAILABLE',
};

/**
 * The expected "no" behind an error, if it is one. By name and not by class: Next may load the class once for its pages
 * and once for its routes, and the two are not the same to `instanceof`.
 */
export function refusalIn(error: unknown): Refusal | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'Refusal' && 'code' in error && Object.hasOwn(refusals, String(error.code)))
    return error as Refusal;
  return refusalIn(error.cause);
}

/** The same error under the HTTP status that a refusal has everywhere. */
export function withStatus(error: TRPCError): TRPCError {
  const refusal = refusalIn(error);
  if (!refusal) return error;
  const code = codes[refusals[refusal.code]] ?? 'BAD_REQUEST';
  return new TRPCError({ code, message: refusal.message, cause: refusal });
}

/** What may be shown of an error: a refusal's own words, what is wrong with an input, or that it went wrong. */
export function shown(error: TRPCError): Shown {
  const refusal = refusalIn(error);
  if (refusal) return { code: refusal.code, message: refusal.message, param: refusal.param };
  if (error.cause instanceof z.ZodError) return badInput(error.cause);
  if (error.code === 'NOT_FOUND') return { code: 'not_found', message: 'There is no such call.', param: undefined };
  if (error.code !== 'INTERNAL_SERVER_ERROR') {
    return { code: 'invalid_input', message: 'This request could not be read.', param: undefined };
  }
  return { code: 'internal', message: 'Something went wrong on our side.', param: undefined };
}

function badInput(error: z.ZodError): Shown {
  const [first] = error.issues;
  const param = first?.path.join('.') || undefined;
  return { code: 'invalid_input', message: first ? `${first.message}.`.replace('..', '.') : 'Invalid input.', param };
}
