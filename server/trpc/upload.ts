import { may, requirePermission } from '#server/auth/permissions.ts';
import type { StaffCaller } from '#server/auth/staff-sessions.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import type { Context } from './context.ts';
import { refusalIn } from './refused.ts';

/** Bytes. What is longer comes from the provider itself. */
export const largestUpload = 8 * 1024 * 1024;

/** What a file came to. */
export interface Uploaded {
  id: string;
  /** Where it is shown. */
  path: string;
  /** The same bytes had come before. */
  isNew: boolean;
}

/**
 * Takes a settlement file or a bank statement from one of our own pages: the body is the file as it is, and the address
 * says what it is (`of`, `name`, and for a settlement file `provider` and `day`).
 *
 * @returns  201 or 200 with `Uploaded` as JSON; or the status of a refusal, with its code, words and request id.
 */
export async function takeUpload(request: Request, context: Context): Promise<Response> {
  const { rooms, request: id } = context;
  try {
    requireOwnPage(request, rooms.webOrigin);
    const caller = await callerOf(context);
    const uploaded = await take(request, context, caller);
    return Response.json(uploaded, { status: uploaded.isNew ? 201 : 200, headers: { 'request-id': id } });
  } catch (error) {
    const refusal = refusalIn(error);
    if (!refusal) rooms.log.error({ request: id, error }, 'upload failed');
    const { code, message, status } = refusal ?? {
      code: 'internal',
      message: 'Something went wrong on our side. Uploading it again is safe: a file is taken in once.',
      status: 500,
    };
    return Response.json({ error: { code, message, request: id } }, { status, headers: { 'request-id': id } });
  }
}

/** Whose upload it is. A file speaks of all merchants: where there are several, it is nobody's of theirs to bring. */
async function callerOf({ rooms, seat }: Context): Promise<StaffCaller> {
  if (!seat) throw new Refusal('unauthenticated', 'Sign in first.');
  const caller = await rooms.staff.caller(seat);
  requirePermission(caller, 'reconciliation:write');
  if (await rooms.reconciliationPages.seesWhole(caller)) return caller;
  throw new Refusal('forbidden', 'Files are put in by whoever runs Florin: they speak of several merchants at once.');
}

export function mayUpload(caller: StaffCaller, whole: boolean): boolean {
  return whole && may(caller.role, 'reconciliation:write');
}

async function take(request: Request, { rooms }: Context, { staffId }: StaffCaller): Promise<Uploaded> {
  const asked = new URL(request.url).searchParams;
  const content = partsOf(request);
  const name = asked.get('name') ?? '';
  if (asked.get('of') === 'statement') {
    const { id, isNew } = await rooms.uploads.statement({ name, content, staffId });
    return { id, isNew, path: `/admin/reconciliation/statements/${id}` };
  }
  const told = { provider: asked.get('provider') ?? '', day: asked.get('day') ?? '', name, content, staffId };
  const { id, isNew } = await rooms.uploads.settlement(told);
  return { id, isNew, path: `/admin/reconciliation/files/${id}` };
}

/** @see ASVS 5.0, 3.5.1: no form of another site can send bytes as these. */
function requireOwnPage(request: Request, webOrigin: string): void {
  if (request.headers.get('origin') !== webOrigin) throw new Refusal('forbidden', 'Only our own pages may call this.');
  if (request.headers.get('content-type') !== 'application/octet-stream') {
    throw new Refusal('invalid_input', 'Send the file as it is.');
  }
}

/** @throws Refusal `too_large`, as soon as it is known; `invalid_input` where the file was cut off on its way. */
async function* partsOf(request: Request): AsyncGenerator<Buffer> {
  const said = Number(request.headers.get('content-length') ?? Number.NaN);
  if (said > largestUpload) throw tooLarge();
  let size = 0;
  for await (const part of request.body ?? []) {
    size += part.byteLength;
    if (size > largestUpload) throw tooLarge();
    yield Buffer.from(part);
  }
  if (!Number.isNaN(said) && size !== said) {
    throw new Refusal('invalid_input', 'The file did not come whole. Upload it again.', { param: 'file' });
  }
}

function tooLarge(): Refusal {
  const most = `${largestUpload / 1024 / 1024} MB`;
  return new Refusal('too_large', `A file has at most ${most} here. Longer ones are fetched from the provider.`, {
    param: 'file',
  });
}
