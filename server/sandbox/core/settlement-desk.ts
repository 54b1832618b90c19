import { pipeline } from 'node:stream/promises';
import { Refusal } from '#server/kernel/refusal.ts';
import type { Call, Desk } from './door.ts';
import { readAdjustment, readBody } from './input.ts';
import type { Settlements } from './settlements.ts';
import { readText, sendJson } from './wire.ts';

/** Serves settlement files; in test mode a day can be ended at once, and a file be given a line of its own. */
export function makeSettlementDesk(settlements: Settlements, mode: 'test' | 'live'): Desk {
  const inTestMode: Record<string, (call: Call) => Promise<object>> = {
    close: () => settlements.close(),
    adjustments: async ({ request }) => settlements.adjust(readAdjustment(readBody(await readText(request)))),
  };

  async function send(name: string, { response }: Call): Promise<void> {
    const file = await settlements.open(name);
    if (!file) throw new Refusal('not_found', 'No such settlement file.');
    response.writeHead(200, { 'content-type': 'text/csv', 'content-length': file.size, 'cache-control': 'no-store' });
    await pipeline(file.content, response);
  }

  return async (call) => {
    const [first, name, ...more] = call.segments;
    if (first !== 'settlements' || more.length > 0) return false;
    if (call.method === 'GET') {
      if (name === undefined) sendJson(call.response, 200, { files: await settlements.files() });
      else await send(name, call);
      return true;
    }
    const answer = call.method === 'POST' && name && Object.hasOwn(inTestMode, name) && inTestMode[name];
    if (!answer) return false;
    if (mode !== 'test') throw new Refusal('forbidden', 'A day ends by itself: it is ended at once in test mode only.');
    sendJson(call.response, 201, await answer(call));
    return true;
  };
}
