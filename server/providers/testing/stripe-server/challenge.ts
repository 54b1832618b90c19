import { authorize, type Desk, declined } from './intents.ts';
import type { Intent } from './ledger.ts';

/** The page on which the bank asks its customer. */
export function challengePage({ amount, currency, id }: Intent): string {
  const money = new Intl.NumberFormat('en', { style: 'currency', currency }).format(amount / 100);
  const button = (answer: string, text: string) => `<button name="answer" value="${answer}">${text}</button>`;
  return `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <title>Your bank</title>
  <style>body { font: 16px/1.5 system-ui; max-width: 24rem; margin: 3rem auto; padding: 0 1rem } button { font: inherit }</style>
  <h1>Confirm this payment</h1>
  <p>A shop asks for ${money}. This is a test of 3-D Secure.</p>
  <form method="post" action="/challenges/${id}">${button('confirm', 'Confirm')} ${button('refuse', 'Refuse')}</form>
</html>`;
}

/** What the shopper said. @returns where the browser goes on. */
export function answerChallenge(intent: Intent, answer: string | undefined, desk: Desk): string {
  const back = new URL(intent.next_action?.redirect_to_url.return_url ?? desk.url);
  const key = intent.metadata.florin_key ?? '';
  if (intent.status === 'requires_action') conclude(intent, answer === 'confirm', { key, desk });
  back.searchParams.set('payment_intent', intent.id);
  back.searchParams.set('redirect_status', intent.status === 'requires_capture' ? 'succeeded' : 'failed');
  return back.href;
}

function conclude(intent: Intent, confirmed: boolean, { key, desk }: { key: string; desk: Desk }): void {
  if (!confirmed) {
    const message = 'We are unable to authenticate your payment method.';
    const failure = { type: 'invalid_request_error', code: 'payment_intent_authentication_failure', message };
    declined(intent, failure, { key, desk });
    return;
  }
  try {
    authorize(intent, key, desk);
  } catch {
    // A card may be declined after its owner was asked; that stands in the intent.
  }
}
