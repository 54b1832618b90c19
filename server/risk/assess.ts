import type { RawSql } from '#db/client.ts';
import { recent } from '#db/recent.ts';
import { isOfOneRow } from '#db/row-errors.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { Ids } from '#server/kernel/id.ts';
import { ofQuestions, together } from '#server/kernel/lane.ts';
import { type Attempts, countAttempts, judge, readRules } from './rules.ts';
import type { Question, Verdict } from './verdict.ts';

/** Rules change seldom and are asked on every payment. */
const rulesKept = { lifetime: 5_000, most: 1_000 };

export interface Risk {
  /** A question: it writes nothing. Whoever acts on the verdict commits it with the act. */
  assess(question: Question): Promise<Verdict>;
}

export function makeRisk({ sql, clock, ids }: { sql: RawSql; clock: Clock; ids: Ids }): Risk {
  const seams = { ...ofQuestions, clock, isOfOne: isOfOneRow };
  const count = together(seams, (asked: readonly Attempts[]) => countAttempts(sql, asked));
  const rulesOf = recent((merchantId) => readRules(sql, merchantId), { clock, ...rulesKept });

  return {
    async assess(question) {
      const rules = await rulesOf(question.merchantId);
      const findings = await judge(count, rules, { ...question, now: clock.now() });
      const score = Math.min(
        100,
        findings.reduce((sum, finding) => sum + finding.weight, 0),
      );
      return {
        id: ids(),
        decision: decide(score),
        score,
        reasons: findings.map(({ rule, says }) => ({ rule, says })),
        fingerprint: question.fingerprint,
        address: question.address,
        amount: question.amount,
      };
    },
  };
}

/** From these scores on a person looks, and nobody has to look. */
const reviewFrom = 70;
const rejectFrom = 100;

function decide(score: number): Verdict['decision'] {
  if (score >= rejectFrom) return 'reject';
  return score >= reviewFrom ? 'review' : 'approve';
}
