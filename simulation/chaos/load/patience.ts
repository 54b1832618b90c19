import { setTimeout as sleep } from 'node:timers/promises';
import type { Chance } from '../chance.ts';
import { type Ask, type Client, type Line, type Reply, saysComeAgain } from './wire.ts';

/** A request whose client went away without a final answer. */
export interface Unanswered {
  client: Client;
  ask: Ask;
}

/** How clients take silence: they come again at once, late or never; some send another body under the same key. */
export interface Patience {
  /** Sends until there is a final answer; undefined where the client has gone away. */
  insist(client: Client, ask: Ask): Promise<Reply | undefined>;
  /** Those who have gone away and may come back, each with the same key and the same bytes. */
  unanswered(): Unanswered[];
}

const turnsAtMost = 6;

export function makePatience(line: Line, chance: Chance, isOver: () => boolean): Patience {
  const left: Unanswered[] = [];

  async function insist(client: Client, ask: Ask): Promise<Reply | undefined> {
    for (let turn = 0; turn < turnsAtMost && !(turn > 0 && isOver()); turn += 1) {
      const reply = await line.post(client, ask);
      if (reply && !saysComeAgain(reply)) {
        if (chance.one(40)) await line.post(client, otherBody(ask));
        return reply;
      }
      if (!reply && chance.one(5)) return undefined;
      await sleep(chance.one(10) ? 4_000 : 300 + 400 * turn);
    }
    left.push({ client, ask });
    return undefined;
  }

  return { insist, unanswered: () => left };
}

/** The same key with another body: it asks for nothing but a longer answer, and must be refused. */
function otherBody(ask: Ask): Ask {
  const longer = ask.path === 'refunds' ? 'charge' : 'latest_charge';
  return { ...ask, body: `${ask.body}&expand[0]=${longer}` };
}
