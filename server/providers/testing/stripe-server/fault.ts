import type { Failure, Intent } from './ledger.ts';

/** An error as Stripe answers it. */
export class Fault extends Error {
  override name = 'Fault';
  readonly status: number;
  readonly error: Failure;
  readonly intent: Intent | undefined;

  constructor(status: number, error: Failure, intent?: Intent) {
    super(error.message);
    this.status = status;
    this.error = error;
    this.intent = intent;
  }
}
