import type { ClientAnswer, Evidence } from './evidence.ts';
import { type Breach, breach, breachesAtMost, type Invariant } from './invariant.ts';
import { keyFor } from './limits.ts';
import { parsed } from './told.ts';

/** The answers under one key of one merchant, in order, as long as the key is remembered. */
function underOneKey({ answers }: Evidence): ClientAnswer[][] {
  const groups = new Map<string, ClientAnswer[]>();
  for (const answer of answers) {
    if (answer.idempotencyKey === null || answer.status === null) continue;
    const name = `${answer.merchantId} ${answer.idempotencyKey}`;
    const group = groups.get(name) ?? [];
    const first = group[0] ?? answer;
    if (answer.at.getTime() - first.at.getTime() < keyFor) group.push(answer);
    groups.set(name, group);
  }
  return [...groups.values()];
}

/** It was carried out: an act that was refused claims nothing, and may be corrected under the same key. */
function isDone({ status }: ClientAnswer): boolean {
  return status !== null && ((status >= 200 && status < 300) || status === 402);
}

/**
 * Whether what it says can still become something else: money under way, or a session, which is shown as it stands with
 * a secret that is not kept.
 */
function isUnderWay({ body }: ClientAnswer): boolean {
  const json = parsed(body) as { object?: string; status?: string } | null;
  return json?.object === 'checkout.session' || json?.status === 'processing' || json?.status === 'pending';
}

const requestOf = ({ route, bodyHash }: ClientAnswer) => `${route} ${bodyHash}`;

function ofAnswers(
  rule: Pick<Invariant, 'id' | 'says'>,
  wrongIn: (group: ClientAnswer[]) => string | undefined,
): Invariant {
  return {
    ...rule,
    needs: 'answers',
    rest: false,
    async check(evidence) {
      return underOneKey(evidence)
        .flatMap((group): Breach[] => {
          const says = wrongIn(group);
          return says === undefined
            ? []
            : [breach(rule.id, { payment: null, merchant: group[0]?.merchantId ?? null }, says)];
        })
        .slice(0, breachesAtMost);
    },
  };
}

const sameAnswer = ofAnswers(
  { id: 'I8c', says: 'A request that is sent again under its key gets the same answer, byte for byte.' },
  (group) => {
    const final = group.filter((answer) => isDone(answer) && !isUnderWay(answer));
    const other = final.find((answer) => {
      const first = final.find((one) => requestOf(one) === requestOf(answer));
      return first && (first.body !== answer.body || first.status !== answer.status);
    });
    return other && `Client ${other.client} was told two different things under the key '${other.idempotencyKey}'.`;
  },
);

const otherRefused = ofAnswers(
  { id: 'I8d', says: 'Another request under a key that has been used is refused.' },
  (group) => {
    const done = group.filter(isDone);
    const other = done.find((answer) => done[0] && requestOf(answer) !== requestOf(done[0]));
    return other && `Two different requests were carried out under the key '${other.idempotencyKey}': ${other.route}.`;
  },
);

export const answers = [sameAnswer, otherRefused];
