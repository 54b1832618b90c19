import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

/**
 * JSON there and back, with all the patience that it takes: a study lasts for minutes where the machine is busy.
 *
 * @throws Error with what was answered, where it is none of 2xx.
 */
export async function post(url: string, sent: object = {}): Promise<unknown> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const asking = request(url, { method: 'POST', headers });
  asking.end(JSON.stringify(sent));
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  const told = await text(answer);
  const { statusCode = 0 } = answer;
  if (statusCode < 200 || statusCode > 299) throw new Error(`${url} answered ${statusCode}: ${told.slice(0, 2_000)}`);
  return JSON.parse(told);
}
