import { TRPCError } from '@trpc/server';
import { cookies, headers } from 'next/headers';
import { notFound, redirect } from 'next/navigation';
import { cache } from 'react';
import { clientAddress } from '#server/trpc/address.ts';
import type { Context } from '#server/trpc/context.ts';
import { refusalIn, type Shown, shown } from '#server/trpc/refused.ts';
import { appRouter } from '#server/trpc/root.ts';
import { createCallerFactory } from '#server/trpc/trpc.ts';
import { rooms } from './rooms.ts';
import { readSeat } from './seat.ts';

const context = cache(async (): Promise<Context> => {
  const made = rooms();
  const [sent, jar] = await Promise.all([headers(), cookies()]);
  return {
    rooms: made,
    request: made.requestId(),
    seat: await readSeat(jar),
    address: clientAddress(sent, made.trustedHops),
  };
});

/** What pages ask with: `await (await api()).payments.list(…)`, through the same rules as a call from a browser. */
export const api = cache(async () => createCallerFactory(appRouter)(await context()));

/** Awaits a page's question, and turns the two answers that are pages themselves into those: sign in, and not found. */
export async function ask<T>(question: Promise<T>): Promise<T> {
  try {
    return await question;
  } catch (error) {
    const code = refusalIn(error)?.code;
    if (code === 'unauthenticated') redirect(`/admin/sign-in?ended=1&next=${encodeURIComponent(await here())}`);
    if (code === 'not_found') notFound();
    throw error;
  }
}

/** What a question was refused with, in words that may be shown. @throws The error itself where it was no refusal. */
export function refusedWith(error: unknown): { refused: Shown } {
  const refused = error instanceof TRPCError ? shown(error) : undefined;
  if (!refused || refused.code === 'internal') throw error;
  return { refused };
}

/** This page's own address, which the proxy wrote down: to come back to after signing in. */
async function here(): Promise<string> {
  return (await headers()).get('x-here') ?? '/admin';
}
