import { type Dispatcher, request } from 'undici';

/**
 * Posts JSON and returns what was answered.
 *
 * @throws Error where that is no 2xx, or nothing.
 */
export async function post(url: string, { body, headers, dispatcher, signal }: Posting): Promise<string> {
  const answer = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'Florin', ...headers },
    body,
    dispatcher,
    signal,
  });
  // Read so that the connection can be used again; what stands in it is of no use.
  await answer.body.dump({ limit: 16_384 });
  const says = `answered ${answer.statusCode}`;
  if (answer.statusCode < 200 || answer.statusCode > 299) throw new Error(says);
  return says;
}

export interface Posting {
  body: string;
  headers?: Record<string, string>;
  dispatcher: Dispatcher;
  signal: AbortSignal;
}
