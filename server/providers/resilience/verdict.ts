import type { Sent } from '#server/vault-client/vault-client.ts';
import type { Outcome } from '../outcome.ts';
import type { Verdict } from './breaker.ts';

/** Silences of the vault, not of the provider. */
const ours = ['vault_lost', 'vault_failed', 'already_sent', 'claims_unreadable'];

/**
 * What one charge says of its provider. A decline is an answer like any other; silence, an error of theirs, an answer
 * that cannot be read, a connection that never stood and a request that was turned away are failures.
 */
export function verdictOf({ sent, outcome }: { sent: Sent; outcome: Outcome }): Verdict {
  if (sent.kind === 'silent') return ours.includes(sent.why) ? 'nothing' : 'failed';
  if (sent.kind === 'not_sent') return sent.code === 'provider_unreachable' ? 'failed' : 'nothing';
  return outcome.kind === 'unknown' || outcome.kind === 'not_taken' ? 'failed' : 'well';
}

/** Whether an authorisation was given or declined; undefined where the provider has not said either. */
export function successOf({ sent, outcome }: { sent: Sent; outcome: Outcome }): boolean | undefined {
  if (outcome.kind === 'accepted') return true;
  return outcome.kind === 'refused' && sent.kind === 'answered' ? false : undefined;
}
