import { createHash, timingSafeEqual } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Shipment } from './shelf.ts';

/** `error`: nothing is done. `lose`: it is done, and the answer is lost. `refuse`: a definite no. */
export const faults = ['error', 'lose', 'refuse', 'slow'] as const;

/** A fault that the next requests run into. */
export interface Lever {
  fault: (typeof faults)[number];
  /** How often; until it is released where left out. */
  times?: number;
  /** How slow. */
  milliseconds?: number;
}

// Next may load a module more than once; what was pulled holds for all of them.
const shared = globalThis as typeof globalThis & { florinWarehouseLevers?: Lever[] };

export function pull(lever: Lever): void {
  shared.florinWarehouseLevers = [...(shared.florinWarehouseLevers ?? []), lever];
}

export function release(): void {
  shared.florinWarehouseLevers = [];
}

function take(): Lever | undefined {
  const [lever, ...rest] = shared.florinWarehouseLevers ?? [];
  if (!lever || lever.times === undefined) return lever;
  shared.florinWarehouseLevers = lever.times > 1 ? [{ ...lever, times: lever.times - 1 }, ...rest] : rest;
  return lever;
}

/** The request's refusal where it does not show the warehouse's key, or undefined. */
export function turnAway(request: Request): Response | undefined {
  const { FLORIN_SHOP_WAREHOUSE_KEY: key } = process.env;
  if (!key) return Response.json({ status: 'closed' }, { status: 503 });
  const shown = request.headers.get('authorization') ?? '';
  return timingSafeEqual(digest(shown), digest(`Bearer ${key}`)) ? undefined : Response.json({}, { status: 401 });
}

/** Answers with the shipment that `work` decides, as the lever that is next in turn lets it. */
export async function answer(work: (refuse: boolean) => Promise<Shipment | undefined>): Promise<Response> {
  const lever = take();
  if (lever?.fault === 'error') return Response.json({}, { status: 502 });
  if (lever?.fault === 'slow') await sleep(lever.milliseconds ?? 0);
  const shipment = await work(lever?.fault === 'refuse');
  if (lever?.fault === 'lose') return Response.json({}, { status: 502 });
  if (!shipment) return Response.json({ status: 'unknown' }, { status: 404 });
  const { status, reason } = shipment;
  return Response.json({ status, ...(reason && { reason }) });
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
