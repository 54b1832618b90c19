'use client';

import type { Standing } from '#server/checkout/view.ts';
import { Challenge } from './challenge.tsx';
import { Outcome, type OutcomeProps } from './outcome.tsx';

export interface AfterProps {
  standing: OutcomeProps['standing'] | Extract<Standing, { kind: 'challenge' }>;
  /** It came about on this page, just now. */
  arrived: boolean;
  session: string;
  merchant: string;
  /** As it is shown: "€12.50". */
  amount: string;
  cancelUrl: string | null;
  /** Origins of banks' pages that may be framed here. */
  frames: string[];
  /** The shopper comes from their bank's page. */
  returned: boolean;
  back: () => Promise<void>;
  giveUp: () => Promise<void>;
}

/** What follows a press of the button: the bank's question, or what became of the payment. */
export function After({ standing, arrived, cancelUrl, ...rest }: AfterProps) {
  if (standing.kind === 'challenge') return <Challenge {...rest} url={standing.url} />;
  return <Outcome {...{ standing, arrived, cancelUrl }} merchant={rest.merchant} amount={rest.amount} />;
}
