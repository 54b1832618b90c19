import { request } from 'undici';
import { z } from 'zod';
import { type Clock, systemClock, withTimeLimit } from '#server/kernel/clock.ts';
import { BadSettings, json, type Reader, requireHttps, url } from '#server/kernel/env.ts';
import { Secret } from '#server/kernel/secret.ts';
import { traceHeaders } from '#server/observability/trace.ts';
import type { Consignment, Dispatch, Silent, Warehouse } from './warehouse.ts';

/** Where a merchant's warehouse is, and the key that it knows us by. */
export interface WarehouseSettings {
  merchantId: string;
  url: string;
  key: Secret;
}

const settingsForm = z.record(
  z.uuid(),
  z.strictObject({ url: z.string().transform(url), key: z.string().min(16, 'a key has 16 characters or more') }),
);

/**
 * Reads `FLORIN_WAREHOUSE`, whose warehouses are named by their merchants' ids:
 * `{"0190…": {"url": "https://…", "key": "…"}}`.
 */
export const readWarehouses: Reader<WarehouseSettings[]> = (text) => {
  const read = settingsForm.safeParse(json(text));
  if (!read.success) throw new Error('it must be JSON such as {"<merchant id>":{"url":"https://…","key":"…"}}');
  return Object.entries(read.data).map(([merchantId, { url, key }]) => ({ merchantId, url, key: new Secret(key) }));
};

/** @throws BadSettings where live mode would tell what was bought, and by whom, in the open. */
export function requireSecureWarehouses(warehouses: readonly WarehouseSettings[]): void {
  try {
    requireHttps(warehouses.map((one) => ['FLORIN_WAREHOUSE', one.url] as const));
  } catch {
    throw new BadSettings('FLORIN_WAREHOUSE is malformed: outside test mode its URLs must begin with https://.');
  }
}

/** Milliseconds that one call may take; an order's lease is longer than two of them. */
export const patience = 10_000;

const answerForm = z.discriminatedUnion('status', [
  z.object({ status: z.literal('shipped') }),
  z.object({ status: z.literal('refused'), reason: z.string().max(500) }),
]);

/**
 * A warehouse that speaks HTTP: `POST <url>/shipments` with an `Idempotency-Key`, `GET <url>/shipments/<key>`. Both are
 * answered 200 or 201 with `{"status":"shipped"}` or `{"status":"refused","reason":"…"}`, the question also 404 with
 * `{"status":"unknown"}`. No other answer is believed: it may come from a gateway that knows nothing of the goods.
 */
export function makeHttpWarehouse({
  url,
  key: secret,
  clock = systemClock,
}: Pick<WarehouseSettings, 'url' | 'key'> & { clock?: Clock }): Warehouse {
  const call = (path: string, options: { method: 'GET' | 'POST'; headers?: object; body?: string }) =>
    withTimeLimit({ clock, ms: patience }, async (signal) => {
      const headers = { authorization: `Bearer ${secret.reveal()}`, ...traceHeaders(), ...options.headers };
      const { statusCode, body } = await request(`${url}${path}`, { ...options, headers, signal });
      return { status: statusCode, body: await body.text() };
    });
  return {
    async ship(consignment, key) {
      const headers = { 'content-type': 'application/json', 'idempotency-key': key };
      try {
        return dispatch(await call('/shipments', { method: 'POST', headers, body: bodyOf(consignment) }));
      } catch (error) {
        return silent(error);
      }
    },
    async ask(key) {
      try {
        const answer = await call(`/shipments/${encodeURIComponent(key)}`, { method: 'GET' });
        return answer.status === 404 ? absentOr(answer) : dispatch(answer);
      } catch (error) {
        return silent(error);
      }
    },
  };
}

interface Answer {
  status: number;
  body: string;
}

function dispatch({ status, body }: Answer): Dispatch | Silent {
  const read = status === 200 || status === 201 ? answerForm.safeParse(parsed(body)) : undefined;
  if (!read?.success) return { kind: 'silent', why: `answered ${status}` };
  const { data } = read;
  return data.status === 'shipped' ? { kind: 'shipped' } : { kind: 'refused', reason: data.reason };
}

/** A gateway before it says 404 too: that the key is unknown, the warehouse says in its own words. */
function absentOr({ status, body }: Answer): { kind: 'absent' } | Silent {
  const says = z.object({ status: z.literal('unknown') }).safeParse(parsed(body));
  return says.success ? { kind: 'absent' } : { kind: 'silent', why: `answered ${status}` };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function silent(error: unknown): Silent {
  const { name, code } = Object(error) as { name?: unknown; code?: unknown };
  return { kind: 'silent', why: name === 'TimeoutError' ? 'no answer in time' : String(code ?? name ?? 'broken off') };
}

function bodyOf({ order, reference, email, lines, amount, currency }: Consignment): string {
  return JSON.stringify({ order, reference, email, lines, amount: Number(amount), currency });
}
