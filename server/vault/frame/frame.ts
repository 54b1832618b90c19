import type { Brand } from './card.ts';
import { openChannel } from './channel.ts';
import { makeForm } from './form.ts';
import { type Hello, isField, type Look, type Order } from './messages.ts';
import { byId, watchHeight } from './page.ts';
import { wordsFor } from './words.ts';

const patience = 20_000;

let words = wordsFor('en');
let grant = '';
let height = 0;
let sending = false;
let lastChange = '';

const form = makeForm({ words, changed: reportChange });
const report = openChannel({
  parents: (document.body.dataset.parents ?? '').split(' '),
  onHello: greet,
  onOrder: obey,
});

watchHeight((pixels) => {
  height = pixels;
  report({ kind: 'height', pixels });
});
byId('card').addEventListener('submit', (event) => event.preventDefault());
byId('card').addEventListener('keydown', (event) => {
  if (event.key === 'Enter') report({ kind: 'enter' });
});

function greet(hello: Hello): void {
  grant = hello.grant;
  words = wordsFor(hello.locale);
  document.documentElement.dataset.theme = hello.theme;
  wear(hello.look);
  form.speak(words);
  report({ kind: 'height', pixels: height });
  lastChange = '';
  reportChange();
}

function wear({ accent, radius }: Look): void {
  const { style } = document.documentElement;
  if (accent !== undefined) style.setProperty('--accent', accent);
  if (radius !== undefined) style.setProperty('--radius', `${radius}px`);
}

function obey(order: Order): void {
  if (order.kind === 'submit') void submit();
  if (order.kind === 'lock') form.lock(true);
  if (order.kind === 'unlock') form.lock(false);
  if (order.kind === 'clear_cvc') form.clearCode();
  if (order.kind === 'focus') form.focus(order.field);
  if (order.kind === 'grant') grant = order.grant;
}

function reportChange(): void {
  const change = {
    kind: 'change',
    complete: form.complete(),
    brand: form.brand() ?? null,
    errors: form.told(),
  } as const;
  const text = JSON.stringify(change);
  if (text !== lastChange) report(change);
  lastChange = text;
}

/** One card at a time: a second order while the first is under way changes nothing. */
async function submit(): Promise<void> {
  if (sending) return;
  if (!form.check()) return fail('incomplete', Object.values(form.told())[0] ?? '');
  sending = true;
  form.lock(true);
  const answer = await tokenise().catch(() => undefined);
  sending = false;
  if (answer && 'token' in answer) return report({ kind: 'token', ...answer });
  form.lock(false);
  if (answer && isField(answer.param)) {
    form.tell(answer.param, answer.detail);
    reportChange();
    form.focus(answer.param);
    fail('incomplete', answer.detail);
  } else if (answer?.code === 'token_unusable') {
    fail('grant_unusable', words.tooLate);
  } else {
    fail(answer?.code ?? 'unavailable', words.unreachable);
  }
}

/** `incomplete` says that the fault already stands under its field. */
function fail(code: string, message: string): void {
  report({ kind: 'failed', code, message });
}

type Tokenised = { token: string; brand: Brand; last4: string } | { code: string; detail: string; param?: string };

/** To the server that this page came from, and to no other: the policy of the page allows no other. */
async function tokenise(): Promise<Tokenised> {
  const answer = await fetch('/tokens', {
    method: 'POST',
    credentials: 'omit',
    cache: 'no-store',
    redirect: 'error',
    referrerPolicy: 'no-referrer',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ grant, ...form.values() }),
    signal: AbortSignal.timeout(patience),
  });
  return answer.json();
}
