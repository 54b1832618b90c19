import type { Brand } from '../frame/card.ts';
import type { Scope } from './scope.ts';

/** A token's record, the sealed number included. */
export interface TokenRecord extends Scope {
  id: string;
  sealed: Buffer;
  brand: Brand;
  last4: string;
  expMonth: number;
  expYear: number;
  fingerprint: string;
  holder: string;
  paymentId: string | null;
}
