import type { ProviderName } from '../plan.ts';
import { type AcquirerFault, type AcquirerFaultSeams, type Count, strikes } from './acquirer-strikes.ts';
import type { Course, Passage } from './exchange.ts';
import type { Letter } from './vault.ts';

/**
 * Milliseconds after which a key may be forgotten here, in place of the day that a provider promises: longer than any
 * request stays under way, also one of a process whose clock is two minutes ahead.
 */
const lifetime = 300_000;

/**
 * F14. A provider forgets keys when they are old, and then acts anew on what it has done before; by asking one still
 * learns what became of it. So that this matters, the payment that the fault names is first cut off: its request acts
 * and nobody hears of it, until the key is forgotten.
 */
export function makeForgetting(
  { engine, acquirers }: AcquirerFaultSeams,
  faults: readonly AcquirerFault[],
  count: Count,
) {
  const decidedAt = new Map<string, number>();
  const forgotten: { fault: AcquirerFault; provider: ProviderName; before: number }[] = [];
  const begun = new Set<AcquirerFault>();
  const struck = new Map<Letter, AcquirerFault>();
  const cutOff = new Map<number, number>();

  function forget(fault: AcquirerFault, provider: ProviderName): void {
    const { life, expireKeys } = acquirers[provider];
    expireKeys(new Date(life.clock.now().getTime() - lifetime));
    forgotten.push({ fault, provider, before: engine.elapsed() - lifetime });
  }

  for (const fault of faults) {
    if (fault.payment === undefined) engine.after(fault.at, () => forget(fault, fault.provider));
  }

  const isCutOff = (n: number | undefined) => n !== undefined && (cutOff.get(n) ?? 0) > engine.elapsed();

  return {
    isCutOff,
    /** Also while the request is still on its way that nobody will hear of. */
    isSilent: (n: number | undefined) => isCutOff(n) || [...struck.keys()].some((letter) => letter.n === n),

    course(letter: Letter, plain: Course): Course | undefined {
      if (letter.method === 'GET' || letter.asked === 'cancel') return undefined;
      const fault = faults.find(
        (one) => one.payment !== undefined && !begun.has(one) && strikes(one, letter, engine.elapsed(), lifetime),
      );
      if (!fault) return undefined;
      begun.add(fault);
      struck.set(letter, fault);
      count.injected(fault, letter.n);
      return { ...plain, answer: 'never comes' };
    },

    /** Called for each letter that has arrived. */
    arrived(letter: Letter): void {
      const { provider, key, method, n } = letter;
      const fault = struck.get(letter);
      if (fault && n !== undefined) {
        const gone = lifetime + 1_000;
        cutOff.set(n, engine.elapsed() + gone);
        engine.after(gone, () => forget(fault, provider));
      }
      const decided = decidedAt.get(key);
      if (method === 'POST' && decided === undefined) decidedAt.set(key, engine.elapsed());
      if (decided === undefined) return;
      const meant = ({ payment }: AcquirerFault) => payment === undefined || payment === n;
      const one = forgotten.find((each) => each.provider === provider && decided < each.before && meant(each.fault));
      if (!one) return;
      count.injected(one.fault, n);
      count.took(one.fault, n);
    },

    over: ({ letter }: Passage) => void struck.delete(letter),
  };
}
