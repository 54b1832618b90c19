import { openDatabase } from '#db/client.ts';
import { testDatabase } from '#db/testing/database.ts';
import { makeTransact } from '#db/transaction.ts';
import type { Role } from '#server/auth/caller.ts';
import { addMerchant } from '#server/auth/merchants.ts';
import { roles } from '#server/auth/permissions.ts';
import { addStaff } from '#server/auth/staff.ts';
import { openSession } from '#server/auth/staff-sessions.ts';
import { makeBus } from '#server/events/bus.ts';
import { catchUp } from '#server/events/testing/catch-up.ts';
import { systemClock as clock } from '#server/kernel/clock.ts';
import { showId, uuidv7 } from '#server/kernel/id.ts';
import { systemRandom as random } from '#server/kernel/secret.ts';
import { paymentRows } from '#server/payments/rows.ts';
import type { Context } from '../context.ts';
import { makeRooms } from '../make-rooms.ts';
import { appRouter } from '../root.ts';
import { createCallerFactory } from '../trpc.ts';

export const origin = 'http://localhost:3000';
export const password = 'harbour goods 1';

/** The web process's own rooms over a database of their own, with two merchants and one person of each role at both. */
export async function givenConsole() {
  const database = await testDatabase();
  const owner = openDatabase({ url: database.url('owner'), application: 'test' });
  const ids = uuidv7({ now: clock.now, random });
  const merchants = { harbour: ids(), other: ids() };
  for (const [name, id] of Object.entries(merchants)) {
    await addMerchant(owner.db, { clock }, { id, name, currency: 'EUR' });
    for (const role of Object.keys(roles) as Role[]) {
      const person = { merchantId: id, email: `${role}@${name}.test`, name: `${role} of ${name}`, role, password };
      await addStaff(owner.db, { clock, ids }, person);
    }
  }
  const rooms = makeRooms(environment(database.url('web')));

  async function seatOf(role: Role, merchant: keyof typeof merchants = 'harbour'): Promise<string> {
    const [row] = await owner.sql`SELECT id FROM staff WHERE email = ${`${role}@${merchant}.test`}`;
    return openSession(owner.db, { clock, random }, String(row?.id));
  }

  function contextOf(seat: string | undefined): Context {
    return { rooms, request: rooms.requestId(), seat, address: '192.0.2.1' };
  }

  return {
    rooms,
    owner: owner.sql,
    merchants,
    seatOf,
    contextOf,
    /** Calls procedures as the person who has this seat. */
    callAs: (seat: string | undefined) => createCallerFactory(appRouter)(contextOf(seat)),
    /** The shown id of a payment that nobody has paid yet. */
    async payment(merchant: keyof typeof merchants): Promise<string> {
      const caller = { kind: 'workload', merchantId: merchants[merchant], name: 'test' } as const;
      const intent = await rooms.payments.create(caller, { amount: 4000n, currency: 'EUR' });
      return showId('payment', String(intent.payment?.id));
    },
    /** Until lists show what has happened so far, as the worker sees to it. */
    listed: () => catchUp(makeBus({ sql: owner.sql, transact: makeTransact(owner.sql), clock }), paymentRows),
    async end(): Promise<void> {
      await Promise.all([rooms.close(), owner.close()]);
      await database.drop();
    },
  };
}

export type Console = Awaited<ReturnType<typeof givenConsole>>;

function environment(databaseUrl: string): NodeJS.ProcessEnv {
  return {
    NODE_ENV: 'test',
    FLORIN_MODE: 'test',
    FLORIN_DATABASE_URL: databaseUrl,
    FLORIN_WEB_URL: origin,
    // Nobody listens there: what is tested here is refused, or answered, before a card is asked for.
    FLORIN_VAULT_URL: 'https://127.0.0.1:1',
    FLORIN_VAULT_PUBLIC_URL: 'http://127.0.0.1:1',
    FLORIN_PROVIDERS: '[{"name":"alder","kind":"sandbox","feeBasisPoints":140,"feeFixed":25}]',
    FLORIN_CART_SEAL_KEY: random(32).toString('base64'),
    FLORIN_TLS_CA: '/nowhere/ca.pem',
    FLORIN_TLS_CERT: '/nowhere/web.pem',
    FLORIN_TLS_KEY: '/nowhere/web-key.pem',
    NEXTAUTH_URL: origin,
    NEXTAUTH_SECRET: 'only for tests, and long enough to be taken',
  };
}
