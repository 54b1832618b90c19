import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { withContext } from '#server/observability/context.ts';
import type { Log } from '#server/observability/log.ts';
import { continueTrace, inSpan } from '#server/observability/trace.ts';
import type { policies, Workload } from '#server/workload/policy.ts';
import { noted } from '#server/workload/problem.ts';
import { readJson, shaped } from './json-body.ts';
import { answerLines, isLines } from './lines.ts';
import { type Answer, describeForm, type Parcel, parcelForm, scopeForm, testTokenForm } from './parcel.ts';
import type { Tokens } from './tokens.ts';

const largestBody = 64 * 1024;

export interface InternalSeams {
  tokens: Tokens;
  egress(parcel: Parcel, caller: Workload): Promise<Answer>;
  log: Log;
  clock: Clock;
}

/** @throws Refusal `invalid_input` where the body has not the door's shape. */
type Door = (body: unknown, caller: Workload) => Promise<unknown>;

/** What other processes may ask, behind mutual TLS and the policy. No answer carries a card number. */
export function makeInternalDoors(seams: InternalSeams) {
  const { log, clock } = seams;
  const doors = openDoors(seams);
  return async (request: IncomingMessage, response: ServerResponse, caller: Workload): Promise<void> => {
    const route = `${request.method} ${request.url}`;
    const door = doors[route as keyof typeof doors] as Door | undefined;
    // The policy looks at the path alone; no door here takes a query.
    if (!door) throw new Refusal('not_found', 'There is nothing here.');
    const deal = (body: unknown) => door(body, caller);
    if (isLines(request)) {
      const refused = (error: unknown) => noted(error, { log, peer: caller, route });
      return answerLines(request, response, { largest: largestBody, deal, refused, clock });
    }
    const body = await readJson(request, largestBody);
    const answer = await continueTrace(request.headers, () => deal(body));
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify(answer));
  };
}

function openDoors({ tokens, egress, log }: InternalSeams) {
  return {
    async 'POST /grants'(body) {
      const scope = shaped(body, scopeForm);
      return inSpan('vault.grant', { intent: scope.intentId, merchant: scope.merchantId }, () =>
        tokens.grantFrame(scope),
      );
    },
    async 'POST /tokens/describe'(body, caller) {
      const { token, use } = shaped(body, describeForm);
      const about = { intent: use.intentId, merchant: use.merchantId };
      const { id, brand, last4, expMonth, expYear, fingerprint } = await inSpan('vault.describe', about, () =>
        tokens.find(token, use),
      );
      log.info({ ...about, card: id, brand, peer: caller }, 'tokens: a card was described');
      return { brand, last4, expMonth, expYear, fingerprint };
    },
    async 'POST /tokens/test'(body) {
      const { name, scope } = shaped(body, testTokenForm);
      return { token: await tokens.testToken(name, scope) };
    },
    async 'POST /egress'(body, caller) {
      const parcel = shaped(body, parcelForm);
      const { payment, operation, step, provider } = parcel;
      return withContext({ payment, operation }, () =>
        inSpan('vault.egress', { step: String(step), provider, peer: caller }, () => egress(parcel, caller)),
      );
    },
  } satisfies Record<keyof typeof policies.vault, Door>;
}
