import type { Duplex } from 'node:stream';
import { type Ids, showId } from '#server/kernel/id.ts';
import { jsonType } from './respond.ts';

/** What Node's own HTTP parser refuses, by its error codes. */
const words: Record<string, { status: string; message: string }> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: '408 Request Timeout', message: 'The request did not arrive in time.' },
  HPE_HEADER_OVERFLOW: { status: '431 Request Header Fields Too Large', message: 'The headers are too large.' },
};
const other = { status: '400 Bad Request', message: 'This is not an HTTP request that can be read.' };

/** Answers what never became a request, in the wire's form, and closes the connection. */
export function connectionError(ids: Ids) {
  return (error: Error & { code?: string }, socket: Duplex): void => {
    if (error.code === 'ECONNRESET' || socket.destroyed) return;
    const { status, message } = words[error.code ?? ''] ?? other;
    const body = JSON.stringify({ error: { type: 'invalid_request_error', message } });
    const headers = [
      `HTTP/1.1 ${status}`,
      `Content-Type: ${jsonType}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      `Request-Id: ${showId('request', ids())}`,
      'Connection: close',
    ];
    if (socket.writable) socket.write(`${headers.join('\r\n')}\r\n\r\n${body}`);
    socket.destroy(error);
  };
}
