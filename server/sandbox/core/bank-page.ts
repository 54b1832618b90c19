import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatMoney, requireCurrency } from '#server/kernel/money.ts';
import { sha256 } from '#server/kernel/secret.ts';
import type { Entry } from './entry.ts';

export interface Page {
  html: string;
  headers: Record<string, string>;
}

const style = readFileSync(join(import.meta.dirname, 'bank.css'), 'utf8');
const styleHash = `'sha256-${sha256(style).toString('base64')}'`;

/** The page on which the cardholder answers, or hears that there is nothing (left) to answer. */
export function bankPage({ bank, entry, now }: { bank: string; entry: Entry | undefined; now: Date }): Page {
  const open = entry?.status === 'challenged' ? entry : undefined;
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${bank} test page</title>
<style>${style}</style>
</head>
<body>
<header><span class="mark" aria-hidden="true">${bank.slice(0, 1)}</span>${bank} <small>test page</small></header>
<main>
${open ? question(open, now) : nothingLeft(entry)}
</main>
</body>
</html>`;
  return { html, headers: headersFor(open?.challenge?.returnUrl) };
}

function question({ amount, currency, last4, challenge }: Entry, now: Date): string {
  const money = formatMoney({ amount: BigInt(amount), currency: requireCurrency(currency) });
  const left = Math.max(1, Math.round((Date.parse(challenge?.expiresAt ?? '') - now.getTime()) / 60_000));
  return `<h1>Is this your payment?</h1>
<dl>
<div><dt>Amount</dt><dd>${money}</dd></div>
<div><dt>Card</dt><dd>ending in ${last4}</dd></div>
</dl>
<form method="post">
<button name="answer" value="approve" class="yes">Approve</button>
<button name="answer" value="decline">Decline</button>
<button name="answer" value="cancel" class="plain">Cancel</button>
</form>
<p>This page stands in for a cardholder’s bank. No money moves. Without an answer the payment is declined in ${left}
${left === 1 ? 'minute' : 'minutes'}.</p>`;
}

function nothingLeft(entry: Entry | undefined): string {
  if (!entry) return '<h1>There is nothing to confirm here</h1>\n<p>The address is wrong.</p>';
  const said = entry.status === 'approved' ? 'You approved the payment' : 'The payment was not approved';
  return `<h1>${said}</h1>\n<p>You can close this page.</p>`;
}

/** Shown by nobody but the page that the browser will go back to. */
function headersFor(returnUrl: string | undefined): Record<string, string> {
  const shop = returnUrl === undefined ? "'none'" : new URL(returnUrl).origin;
  const policy = [
    "default-src 'none'",
    `style-src ${styleHash}`,
    "base-uri 'none'",
    // Chromium holds the redirect that follows an answer to this too.
    `form-action 'self'${returnUrl === undefined ? '' : ` ${shop}`}`,
    `frame-ancestors ${shop}`,
  ].join('; ');
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    // To be embedded is what it is for; by whom, frame-ancestors says.
    'cross-origin-resource-policy': 'cross-origin',
  };
}
