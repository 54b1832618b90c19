import type { Finding } from '#server/payments/view.ts';
import type { JournalLine } from '../judge/evidence.ts';

/** What a person has before them. */
export interface Matter {
  kind: 'unanswered' | 'stray' | 'stuck' | 'undone';
  /** Which of the provider's lines it is about, by the key that it was asked under. */
  operationId: string | null;
  operationKind: string | null;
  /** How long it has been open, in milliseconds. */
  age: number;
}

export interface Found {
  finding: Finding;
  reason: string;
  providerRef?: string;
}

/** What a person does in the acquirer's console first, where its books are not as they have to be. */
export type ToDo = { release: string } | { refund: number };

/** Milliseconds: by themselves things come right sooner, so nobody's hand is needed before. */
const byThemselves = 300_000;

/**
 * What the acquirer's books say of it, truthfully; or what has to be done there first; or nothing as yet.
 *
 * @param authorization  The acquirer's id of the hold that the payment has, where it has one.
 */
export function findingIn(
  books: readonly JournalLine[],
  matter: Matter,
  authorization: string | undefined,
): Found | ToDo | undefined {
  const { kind, operationId, operationKind, age } = matter;
  const line = books.find(({ key }) => operationId !== null && key.startsWith(operationId));
  if (kind === 'unanswered') return unanswered(line);
  if (kind === 'undone') return { finding: 'settled_otherwise', reason: 'Paid out to the shopper by transfer' };
  if (operationKind === null) return settled;
  if (age < byThemselves) return undefined;
  const about = books.filter((one) => one.authorization === (line?.authorization ?? authorization));
  if (kind === 'stuck' || operationKind === 'authorize') {
    const isHeld = about.length > 0 && about.every((one) => one.kind === 'authorization');
    return isHeld ? { release: about[0]?.id ?? '' } : settled;
  }
  if (operationKind !== 'capture' || !line) return settled;
  const refunded = about.filter((one) => one.kind === 'refund').reduce((sum, { amount }) => sum + amount, 0);
  return refunded < line.amount ? { refund: line.amount - refunded } : settled;
}

const settled: Found = { finding: 'settled_otherwise', reason: 'Seen in the books of the acquirer: it is put right' };

function unanswered(line: JournalLine | undefined): Found {
  if (!line) return { finding: 'did_not', reason: 'Nothing under its key in the books of the acquirer' };
  const reason = 'Found under its key in the books of the acquirer';
  return { finding: 'took_place', reason, providerRef: line.id };
}
