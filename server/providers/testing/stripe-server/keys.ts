import { Fault } from './fault.ts';

export interface Answered {
  status: number;
  text: string;
}

/** Idempotency keys: the first answer is kept and told again, for the same parameters. Work is done at once. */
export function makeKeys() {
  const kept = new Map<string, { parameters: string; answer: Answered }>();

  return (key: string, parameters: string, work: () => Answered): Answered => {
    const known = kept.get(key);
    if (known && known.parameters !== parameters) {
      const message =
        'Keys for idempotent requests can only be used with the same parameters they were first used with.';
      throw new Fault(400, { type: 'idempotency_error', message });
    }
    const answer = known?.answer ?? work();
    kept.set(key, { parameters, answer });
    return answer;
  };
}
