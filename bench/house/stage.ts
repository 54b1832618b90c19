import type { Composition } from '#server/composition/rooms.ts';
import { systemClock } from '#server/kernel/clock.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import type { Bench } from '../case.ts';
import { type Classes, family } from '../measure/processor.ts';
import { asAdmin, type CaseDatabase } from './databases.ts';
import { type Door, doorOf } from './door.ts';
import { addMerchants, type Merchant } from './merchants.ts';
import { openRooms, type RoomsOptions } from './rooms.ts';
import { type InstantVault, makeInstantVault } from './vault.ts';

/** Florin in this process: a database of its own with merchants in it, the rooms, and a vault that answers at once. */
export interface Stage {
  database: CaseDatabase;
  merchants: readonly [Merchant, ...Merchant[]];
  vault: InstantVault;
  /** As the API has them. */
  rooms: Composition;
  door: Door;
  /** The merchant of the nth client. */
  merchantOf(client: number): Merchant;
  /** Closes what was open and opens it anew: with new connections come new plans. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}

export async function openStage({ databases }: Bench, { merchants = 100 } = {}): Promise<Stage> {
  return stageOn(await databases.make(), merchants);
}

/** On a database that is there. */
export async function stageOn(database: CaseDatabase, count: number): Promise<Stage> {
  const merchants = await addMerchants(database.url('owner'), count);
  const vault = makeVault();
  const told: RoomsOptions = { url: database.url('api'), service: 'api', vault };
  let rooms = openRooms(told);
  const stage: Stage = {
    database,
    merchants,
    vault,
    rooms,
    door: doorOf(rooms),
    merchantOf: (client) => merchants[client % merchants.length] ?? merchants[0],
    async reopen() {
      await rooms.close();
      await asAdmin(database.url('owner'), async (sql) => void (await sql`ANALYZE`));
      rooms = openRooms(told);
      stage.rooms = rooms;
      stage.door = doorOf(rooms);
    },
    close: () => rooms.close(),
  };
  return stage;
}

const makeVault = () => makeInstantVault({ clock: systemClock, random: systemRandom });

/** This process, which is Florin and its clients, and PostgreSQL with all its backends. */
export function inProcess({ cluster }: Pick<Bench, 'cluster'>): Classes {
  return { node: () => [process.pid], postgres: () => family(cluster.pid) };
}
