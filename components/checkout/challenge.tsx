'use client';

import { Button, buttonClass } from '../ui/button.tsx';
import { Sign } from '../ui/sign.tsx';
import { BankFrame } from './bank-frame.tsx';
import { Panel } from './panel.tsx';
import { Waiting } from './tick.tsx';
import { useChallenge } from './use-challenge.ts';

type Known = ReturnType<typeof useChallenge>['known'];

interface ChallengeProps {
  session: string;
  /** The bank's page. */
  url: string;
  /** Origins of banks' pages that may be framed here. */
  frames: string[];
  returned: boolean;
  back: () => Promise<void>;
  giveUp: () => Promise<void>;
  merchant: string;
  amount: string;
}

/**
 * The card's bank wants to see the shopper: its page in a frame, or in this window. Nothing is charged before it said
 * yes.
 */
export function Challenge({ url, frames, merchant, amount, ...rest }: ChallengeProps) {
  const mayFrame = frames.includes(new URL(url).origin);
  const { phase, known, nonce, element, open, close, leave } = useChallenge({ mayFrame, ...rest });
  if (phase === 'asking') {
    return (
      <Panel arrived sign={<Waiting />} title="We are confirming your payment">
        <p className="font-medium">Do not pay again. This page updates itself.</p>
        <p className="text-ink-muted">We ask your bank what became of it. Mostly this takes seconds.</p>
      </Panel>
    );
  }
  return (
    <>
      <Panel arrived={phase === 'aside'} sign={<Asked />} title="Your bank asks you to confirm">
        <Words {...{ known, merchant, amount }} />
        <div className="mt-3 grid w-full gap-3">
          {mayFrame && (
            <Button look="primary" size="lg" onClick={open}>
              Confirm with your bank
            </Button>
          )}
          <a href={url} className={buttonClass({ look: mayFrame ? 'secondary' : 'primary', size: 'lg' })}>
            {mayFrame ? 'Open it in this window instead' : 'Confirm with your bank'}
          </a>
          <Button look="quiet" size="lg" busy={phase === 'leaving'} onClick={leave}>
            Use another card
          </Button>
        </div>
      </Panel>
      {phase === 'framed' && <BankFrame {...{ url, nonce, element }} onClose={close} onLeave={leave} />}
    </>
  );
}

function Words({ known, merchant, amount }: Pick<ChallengeProps, 'merchant' | 'amount'> & { known: Known }) {
  if (known === 'no_word') {
    return (
      <>
        <p className="font-medium">Your bank has not told us yet whether you confirmed.</p>
        <p className="text-ink-muted">
          If you did, do not pay again: this page updates itself. If not, you can do it now.
        </p>
      </>
    );
  }
  return (
    <>
      <p className="font-medium">You have not been charged.</p>
      <p className="text-ink-muted">
        {known === 'kept'
          ? 'Your bank still waits for you, so no other card can be used yet. Confirm with it, or wait until its time is over: this page tells you.'
          : `Before ${amount} goes to ${merchant}, your bank wants to check that it is you. Without your confirmation nothing is charged.`}
      </p>
    </>
  );
}

function Asked() {
  return <Sign of="shield" size={44} stroke={1.5} className="mb-1 text-accent" />;
}
