import { z } from 'zod';
import { isCurrency } from '#server/kernel/money.ts';
import type { Json } from './placeholders.ts';

const uuid = z.guid();
/** It was read from JSON, so that nothing else can be in it. */
const json = z.custom<Json>();
const currency = z.string().refine(isCurrency, 'must be an ISO 4217 code in capitals');
const amount = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(BigInt);

/** Body of POST /grants; with a name, of POST /tokens/test. Amounts are minor units as decimal text. */
export const scopeForm = z.strictObject({ merchantId: uuid, intentId: uuid, currency, maxAmount: amount });
export const testTokenForm = z.strictObject({ name: z.string().max(100), scope: scopeForm });

/** Body of POST /tokens/describe. */
export const describeForm = z.strictObject({
  token: z.string().max(100),
  use: z.strictObject({ merchantId: uuid, intentId: uuid, currency, amount }),
});

/** Body of POST /egress: a provider's request with placeholders, and what it is for. */
export const parcelForm = z.strictObject({
  operation: uuid,
  /** Going on after the cardholder was asked is step 2. */
  step: z.int().min(0).max(1000),
  /** Counts the times that this step was sent. */
  send: z.int().min(0).max(10_000),
  /** After this moment the request may not leave any more. */
  sendBefore: z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
  payment: uuid,
  merchantId: uuid,
  intentId: uuid,
  amount,
  currency,
  provider: z.string().max(60),
  method: z.enum(['GET', 'POST']),
  path: z.string().max(300),
  body: z.record(z.string(), json).optional(),
  token: z.string().max(100).optional(),
  /** Another provider may be asked after trouble with this one: then the verification code is kept for it. */
  more: z.boolean().optional(),
});

export type Parcel = z.output<typeof parcelForm>;

/**
 * What became of a parcel. `not_sent`: nothing left, for certain. `silent`: something left or may have left, and there
 * is no answer, which tells nothing about the money.
 */
export type Answer =
  | { kind: 'answered'; status: number; body: unknown; milliseconds: number }
  | { kind: 'not_sent'; code: NotSentCode; message: string }
  | { kind: 'silent'; why: SilentWhy; milliseconds: number };

export type NotSentCode =
  | 'provider_unknown'
  | 'not_allow_listed'
  | 'placeholder_refused'
  | 'token_unusable'
  | 'verification_code_gone'
  | 'too_late'
  | 'provider_unreachable'
  | 'unavailable';

export type SilentWhy =
  | 'already_sent'
  | 'claims_unreadable'
  | 'timeout'
  | 'connection_lost'
  | 'answer_too_large'
  | 'answer_unreadable';
