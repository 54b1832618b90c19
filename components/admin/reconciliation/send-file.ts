import type { Failure } from '../payment/use-act.ts';

type Sent = { path: string } | { failure: Failure };

const unknown = 'We could not tell whether this went through. Trying again is safe: a file is taken in once.';

/**
 * Sends a file as it is, and tells how far it has come.
 *
 * @param onSent  Called with the share that has left, 0 to 1.
 */
export function send(file: File, query: Record<string, string>, onSent: (share: number) => void): Promise<Sent> {
  return new Promise((resolve) => {
    // Unlike fetch, it tells how much has left.
    const request = new XMLHttpRequest();
    request.open('POST', `/admin/reconciliation/upload?${new URLSearchParams(query)}`);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => onSent(total > 0 ? loaded / total : 0);
    request.onload = () => resolve(read(request.response));
    request.onerror = () => resolve({ failure: { says: unknown, request: undefined } });
    request.send(file);
  });
}

function read(answer: unknown): Sent {
  const { path, error } = Object(answer) as { path?: unknown; error?: { message?: unknown; request?: unknown } };
  if (typeof path === 'string') return { path };
  const says = typeof error?.message === 'string' ? error.message : unknown;
  return { failure: { says, request: typeof error?.request === 'string' ? error.request : undefined } };
}
