import type { IncomingMessage, ServerResponse } from 'node:http';
import { Refusal } from '#server/kernel/refusal.ts';
import { withContext } from '#server/observability/context.ts';
import type { Log } from '#server/observability/log.ts';
import { continueTrace, inSpan } from '#server/observability/trace.ts';
import type { policies, Workload } from '#server/workload/policy.ts';
import { readJson } from './json-body.ts';
import { type Answer, describeForm, type Parcel, parcelForm, scopeForm, testTokenForm } from './parcel.ts';
import type { Tokens } from './tokens.ts';

const largestBody = 64 * 1024;

export interface InternalSeams {
  tokens: Tokens;
  egress(parcel: Parcel, caller: Workload): Promise<Answer>;
  log: Log;
}

type Door = (request: IncomingMessage, caller: Workload) => Promise<unknown>;

/** What other processes may ask, behind mutual TLS and the policy. No answer carries a card number. */
export function makeInternalDoors(seams: InternalSeams) {
  const doors = openDoors(seams);
  return async (request: IncomingMessage, response: ServerResponse, caller: Workload): Promise<void> => {
    const door = doors[`${request.method} ${request.url}` as keyof typeof doors] as Door | undefined;
    // The policy looks at the path alone; no door here takes a query.
    if (!door) throw new Refusal('not_found', 'There is nothing here.');
    const answer = await continueTrace(request.headers, () => door(request, caller));
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify(answer));
  };
}

function openDoors({ tokens, egress, log }: InternalSeams) {
  return {
    async 'POST /grants'(request) {
      const scope = await readJson(request, scopeForm, largestBody);
      return inSpan('vault.grant', { intent: scope.intentId, merchant: scope.merchantId }, () =>
        tokens.grantFrame(scope),
      );
    },
    async 'POST /tokens/describe'(request, caller) {
      const { token, use } = await readJson(request, describeForm, largestBody);
      const about = { intent: use.intentId, merchant: use.merchantId };
      const { id, brand, last4, expMonth, expYear, fingerprint } = await inSpan('vault.describe', about, () =>
        tokens.find(token, use),
      );
      log.info({ ...about, card: id, brand, peer: caller }, 'tokens: a card was described');
      return { brand, last4, expMonth, expYear, fingerprint };
    },
    async 'POST /tokens/test'(request) {
      const { name, scope } = await readJson(request, testTokenForm, largestBody);
      return { token: await tokens.testToken(name, scope) };
    },
    async 'POST /egress'(request, caller) {
      const parcel = await readJson(request, parcelForm, largestBody);
      const { payment, operation, step, provider } = parcel;
      return withContext({ payment, operation }, () =>
        inSpan('vault.egress', { step: String(step), provider, peer: caller }, () => egress(parcel, caller)),
      );
    },
  } satisfies Record<keyof typeof policies.vault, Door>;
}
