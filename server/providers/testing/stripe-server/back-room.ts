import type { Ledger } from './ledger.ts';
import type { Lever, makeLevers } from './levers.ts';
import type { Telling } from './webhooks.ts';

export interface BackRoom {
  ledger: Ledger;
  levers: ReturnType<typeof makeLevers>;
  telling: Telling;
}

/** What Stripe has no doors for: the books, the levers, and who is told of events. Undefined for all other paths. */
export function behind({ ledger, levers, telling }: BackRoom) {
  return (method: string, { pathname, searchParams }: URL, text: string): string | undefined => {
    switch (`${method} ${pathname}`) {
      case 'GET /books': {
        const reference = searchParams.get('reference');
        const lines = ledger.effects.filter((one) => reference === null || one.reference === reference);
        return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
      }
      case 'POST /levers':
        levers.pull(JSON.parse(text) as Lever);
        return '{}';
      case 'DELETE /levers':
        levers.release();
        return '{}';
      case 'POST /listener':
        telling.listen((JSON.parse(text) as { url: string }).url);
        return '{}';
      default:
        return undefined;
    }
  };
}
