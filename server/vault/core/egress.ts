import type { Clock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import type { Log } from '#server/observability/log.ts';
import { histogram } from '#server/observability/metrics.ts';
import type { Workload } from '#server/workload/policy.ts';
import { admit, NotSent } from './admit.ts';
import type { Keyring } from './keyring.ts';
import type { Answer, Parcel } from './parcel.ts';
import type { Json } from './placeholders.ts';
import type { Provider } from './providers.ts';
import { writeRequest } from './request.ts';
import { makeScrubber, type Sent } from './scrub.ts';
import type { Claim, SendKey, Taken } from './take.ts';
import type { TokenRecord } from './token-record.ts';
import type { Tokens } from './tokens.ts';
import type { Verdict } from './verdict.ts';
import type { VerificationCodes } from './verification-codes.ts';
import { exchange, type Reply, type Request } from './wire.ts';

const sendSeconds = histogram({
  name: 'florin_vault_send_seconds',
  help: 'How long a provider took to answer, by what became of the request.',
  labels: ['provider', 'outcome'],
});

export interface EgressSeams {
  providers: ReadonlyMap<string, Provider>;
  tokens: Pick<Tokens, 'find'>;
  take(claim: Claim): Promise<Taken>;
  /** Whether this send was claimed before, by whichever vault. */
  isTaken(send: SendKey): Promise<boolean>;
  keyring: Keyring;
  codes: VerificationCodes;
  clock: Clock;
  log: Log;
  /** Passes a parcel on to the vault whose memory holds its verification code; undefined where that is this one. */
  forward(parcel: Parcel, holder: string): Promise<Answer> | undefined;
}

/** Everything that is known before the first byte leaves. */
interface Ready {
  provider: Provider;
  request: Request;
  record: TokenRecord | undefined;
  sent: Sent;
  parcel: Parcel;
  /** Another provider may be asked after trouble with this one. */
  more: boolean;
}

/** A parcel that another vault has to send, or that was sent before. */
interface Settled {
  answer: Answer;
}

/**
 * Sends providers' requests, the card filled in: the only way out of this installation. Whatever goes wrong before the
 * first byte is `not_sent`; whatever goes wrong after it is `silent`.
 */
export function makeEgress(seams: EgressSeams): (parcel: Parcel, caller: Workload) => Promise<Answer> {
  return async (parcel, caller) => {
    let ready: Ready | Settled;
    try {
      ready = await prepare(parcel, caller, seams);
    } catch (error) {
      ready = { answer: notSent(error, seams.log) };
    }
    const answer = 'answer' in ready ? await unlessSent(ready.answer, parcel, seams) : await deliver(ready, seams);
    note(answer, { parcel, caller, card: 'record' in ready ? ready.record?.id : undefined, seams });
    return answer;
  };
}

/**
 * What stands in the way now says nothing of the same send an instant ago: it may be gone *because* that one left, as
 * the code is after an approval. Looked up after the checks and not before them, so that a twin under way is seen too.
 */
async function unlessSent(answer: Answer, parcel: Parcel, { isTaken, log }: EgressSeams): Promise<Answer> {
  if (answer.kind !== 'not_sent' || parcel.method === 'GET') return answer;
  try {
    return (await isTaken(parcel)) ? { kind: 'silent', why: 'already_sent', milliseconds: 0 } : answer;
  } catch (error) {
    log.error({ error }, 'egress: the claims could not be read');
    return { kind: 'silent', why: 'claims_unreadable', milliseconds: 0 };
  }
}

async function deliver(ready: Ready, seams: EgressSeams): Promise<Answer> {
  const began = seams.clock.now().getTime();
  const reply = await exchange(ready.provider.pool, ready.request, seams.clock);
  return conclude(reply, { ...ready, milliseconds: seams.clock.now().getTime() - began, seams });
}

/** Checks everything, then claims the send: the claim is committed before anything leaves. */
async function prepare(parcel: Parcel, caller: Workload, seams: EgressSeams): Promise<Ready | Settled> {
  const { codes, keyring, clock, forward, take } = seams;
  const admitted = admit(parcel, seams.providers);
  const record = parcel.token === undefined ? undefined : await requireToken(parcel, parcel.token, seams);
  const code = record && admitted.wantsCode ? codes.read(record.id) : undefined;
  if (record && admitted.wantsCode && code === undefined) {
    // A vault that passed it on believed the code to be here: a second hop would go in circles.
    const elsewhere = caller === 'vault' ? undefined : forward(parcel, record.holder);
    if (elsewhere) return { answer: await elsewhere };
    throw new NotSent('verification_code_gone', 'The security code is no longer held. Ask the shopper for it again.');
  }
  if (clock.now() >= parcel.sendBefore) throw new NotSent('too_late', 'The time to send this is over.');
  const number = record && keyring.open(record.sealed, record);
  const request = writeRequest(parcel, admitted.provider, record && number ? { ...record, number, code } : undefined);
  // An inquiry changes nothing: it is no send, and may be asked as often as it takes.
  const taken = parcel.method === 'GET' ? 'taken' : await take({ ...parcel, caller, tokenId: record?.id });
  if (taken === 'foreign') throw new NotSent('token_unusable', 'Another payment has used this card token.');
  // It may have left when it was claimed, so that nothing can be said of the money.
  if (taken === 'gone') return { answer: { kind: 'silent', why: 'already_sent', milliseconds: 0 } };
  if (record) codes.use(record.id, parcel.payment.toLowerCase());
  return { provider: admitted.provider, request, record, sent: { number, code }, parcel, more: parcel.more ?? false };
}

async function requireToken(parcel: Parcel, token: string, { tokens }: EgressSeams): Promise<TokenRecord> {
  const record = await tokens.find(token, parcel);
  if (record.paymentId !== null && record.paymentId !== parcel.payment.toLowerCase()) {
    throw new NotSent('token_unusable', 'Another payment has used this card token.');
  }
  return record;
}

interface Concluding extends Ready {
  milliseconds: number;
  seams: EgressSeams;
}

function conclude(reply: Reply, ready: Concluding): Answer {
  const { provider, sent, milliseconds, seams } = ready;
  if (reply.kind === 'silent') return { ...reply, milliseconds };
  if (reply.kind === 'not_sent') return { ...reply, message: 'The provider could not be reached in time.' };
  try {
    const body = readBody(reply.text, sent);
    forget(provider.kind.verdict(reply.status, body), ready);
    return { kind: 'answered', status: reply.status, body, milliseconds };
  } catch (error) {
    seams.log.error({ error }, 'egress: an answer could not be read');
    return { kind: 'silent', why: 'answer_unreadable', milliseconds };
  }
}

/**
 * PCI DSS 4.0.1, 3.3.1: the code is gone once authorisation is complete. What is final for the card completes it; what
 * is not completes it too where there is nobody else to ask. An inquiry hears how a challenge ended: it carries no
 * token, and does not know who else may be asked.
 */
function forget(verdict: Verdict, { record, parcel, more, seams: { codes } }: Concluding): void {
  const final = verdict === 'approved' || verdict === 'declined';
  if (record && (final || (verdict !== 'open' && !more))) codes.drop(record.id);
  if (!record && final && parcel.method === 'GET') codes.dropOf(parcel.payment.toLowerCase());
}

function readBody(text: string, sent: Sent): unknown {
  const scrubber = makeScrubber(sent);
  let body: Json;
  try {
    body = JSON.parse(text);
  } catch {
    return scrubber.text(text).slice(0, 2_000).toWellFormed();
  }
  return scrubber.json(body);
}

interface Noting {
  parcel: Parcel;
  caller: Workload;
  card: string | undefined;
  seams: EgressSeams;
}

/** Who used which card for which payment, and with what success (PCI DSS 4.0.1, 10.2.1.1 and 10.2.2). */
function note(answer: Answer, { parcel, caller, card, seams }: Noting): void {
  const { operation, step, send, payment, intentId, merchantId, provider, method, path } = parcel;
  const { kind: outcome, ...rest } = answer;
  const milliseconds = 'milliseconds' in rest ? rest.milliseconds : 0;
  sendSeconds.observe({ provider: seams.providers.has(provider) ? provider : 'unknown', outcome }, milliseconds / 1000);
  const said = {
    ...('status' in rest && { status: rest.status }),
    ...('code' in rest && { code: rest.code }),
    ...('why' in rest && { reason: rest.why }),
  };
  const what = { operation, step, send, payment, intent: intentId, merchant: merchantId, provider, method, path, card };
  seams.log.info({ ...what, ...said, outcome, milliseconds, peer: caller }, 'egress: a request was handled');
}

function notSent(error: unknown, log: Log): Answer {
  if (error instanceof NotSent) return { kind: 'not_sent', code: error.code, message: error.message };
  if (error instanceof Refusal && error.code === 'token_unusable') {
    return { kind: 'not_sent', code: 'token_unusable', message: error.message };
  }
  log.error({ error }, 'egress: a parcel could not be prepared');
  return { kind: 'not_sent', code: 'unavailable', message: 'The vault cannot send this now.' };
}
