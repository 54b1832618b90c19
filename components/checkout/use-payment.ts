'use client';

import { useRef, useState } from 'react';
import type { Standing } from '#server/checkout/view.ts';
import { outcomeOf } from './attempt.ts';
import { call } from './call.ts';
import { type Trouble, troubleOf } from './failure.ts';
import { type FromFrame, newNonce } from './frame-link.ts';
import { bringAfter } from './later.tsx';
import { useCardFrame } from './use-card-frame.ts';

interface PaymentOptions {
  session: string;
  frameUrl: string;
  learn: (standing: Standing) => void;
  ask: () => Promise<Standing | undefined>;
  setBusy: (busy: boolean) => void;
  /** Whether an attempt is under way of which nobody has heard for so long that it has to be said. */
  setUnheard: (unheard: boolean) => void;
  /** Enter, pressed in one of the card's fields. */
  onEnter: () => void;
}

interface Press {
  /** Names this press: however often it is sent, it is one attempt. */
  attempt: string;
  email: string;
  /** Its grant was found to have run out, and another was got. */
  renewed?: boolean;
}

/** Milliseconds after which whoever waits is told that nobody knows yet. */
const patience = 20_000;

/**
 * One press of the button: the frame makes a token of the card, the checkout pays with it. From the press to the answer
 * nothing can be pressed again, and an answer that is lost on the way is asked for under the same name of the attempt.
 */
export function usePayment({ session, frameUrl, learn, ask, onEnter, ...tell }: PaymentOptions) {
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  // A second click comes before the first one's state is drawn; this is set at once.
  const pressed = useRef<Press | null>(null);

  const frame = useCardFrame({
    url: frameUrl,
    getGrant: () => call('frameGrant', { session }),
    onMessage: (message) => void onFrame(message),
  });

  async function press(email: string) {
    if (pressed.current) return;
    pressed.current = { attempt: newNonce(), email };
    tell.setBusy(true);
    setTrouble(null);
    void bringAfter();
    await submitWith(frame.ensureGrant);
  }

  async function submitWith(grant: () => Promise<void>) {
    try {
      await grant();
      frame.send({ kind: 'submit' });
    } catch (error) {
      release(troubleOf(error));
    }
  }

  async function onFrame(message: FromFrame) {
    if (message.kind === 'enter') onEnter();
    if (message.kind === 'failed') await refused(message);
    if (message.kind === 'token' && pressed.current) await pay(message.token, pressed.current);
  }

  /** A grant that ran out, on a machine that slept, is nothing to trouble the shopper with: once. */
  async function refused({ code, message }: Extract<FromFrame, { kind: 'failed' }>) {
    const press = pressed.current;
    if (code === 'grant_unusable' && press && !press.renewed) {
      press.renewed = true;
      return submitWith(frame.renewGrant);
    }
    // What is wrong with a field the frame has written under it: that needs no second telling.
    release(code === 'incomplete' ? null : { text: message, field: null });
  }

  async function pay(token: string, { attempt, email }: Press) {
    frame.send({ kind: 'lock' });
    const send = () => call('confirm', { session, token, attempt, email });
    const timer = setTimeout(() => tell.setUnheard(true), patience);
    const { standing, why } = await outcomeOf({ send, ask, pause });
    clearTimeout(timer);
    tell.setUnheard(false);
    if (standing.kind === 'open' && why !== undefined) await tryAnother(troubleOf(why));
    else await settle(standing);
  }

  async function settle(standing: Standing) {
    learn(standing);
    if (standing.kind === 'open') await tryAnother(standing.declined);
    // Its bank has the word now: what was typed stays where it is, for another try.
    else if (standing.kind !== 'challenge') release(null);
  }

  /** The same session takes the next card: a new grant, the code asked again, the eye led to the field at fault. */
  async function tryAnother(found: Trouble | null) {
    frame.send({ kind: 'clear_cvc' });
    frame.send({ kind: 'unlock' });
    await frame.renewGrant().catch(frame.reload);
    release(found);
    if (found?.field) frame.send({ kind: 'focus', field: found.field });
  }

  function release(found: Trouble | null) {
    pressed.current = null;
    setTrouble(found);
    tell.setBusy(false);
  }

  return { frame, trouble, press, settle };
}

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
