import { createHash } from 'node:crypto';
import type { ClientAnswer } from '../judge/evidence.ts';
import type { Reply, Request } from '../world/world.ts';

/** Who asked, and when the answer was there or was given up. */
export interface Asked {
  client: string;
  merchantId: string;
  at: Date;
}

/** What clients were told, for the judge: bytes as they were received. */
export interface Answers {
  /** `reply` is undefined where none came, or where it was lost on its way back. */
  keep(asked: Asked, request: Request, reply: Reply | undefined): void;
  all(): ClientAnswer[];
}

export function makeAnswers(): Answers {
  const kept: ClientAnswer[] = [];
  return {
    keep({ client, merchantId, at }, { method, url, headers, body = '' }, reply) {
      kept.push({
        client,
        merchantId,
        idempotencyKey: headers['idempotency-key'] ?? null,
        route: `${method} ${url}`,
        bodyHash: createHash('sha256').update(body).digest('hex'),
        at,
        status: reply?.status ?? null,
        body: reply?.body ?? null,
        requestSent: true,
      });
    },
    all: () => kept,
  };
}
