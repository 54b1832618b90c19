import { createHash } from 'node:crypto';
import { Fault } from './fault.ts';

export interface Answered {
  status: number;
  text: string;
}

/** Idempotency keys: the first answer is kept and told again, for the same parameters. */
export function makeKeys() {
  const kept = new Map<string, { print: string; answer: Answered }>();
  const busy = new Set<string>();

  return async (key: string, parameters: string, work: () => Promise<Answered>): Promise<Answered> => {
    const print = createHash('sha256').update(parameters).digest('hex');
    const known = kept.get(key);
    if (known && known.print !== print) {
      const message =
        'Keys for idempotent requests can only be used with the same parameters they were first used with.';
      throw new Fault(400, { type: 'idempotency_error', message });
    }
    if (known) return known.answer;
    if (busy.has(key)) {
      const message = 'There is currently another in-progress request using this Idempotent Key.';
      throw new Fault(409, { type: 'idempotency_error', code: 'idempotency_key_in_use', message });
    }
    busy.add(key);
    try {
      const answer = await work();
      kept.set(key, { print, answer });
      return answer;
    } finally {
      busy.delete(key);
    }
  };
}
