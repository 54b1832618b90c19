import { relative } from 'node:path';
import type { Ready } from './ready.ts';

/** The start screen: where to go and how to get in. */
export function welcome({ urls, merchant, sandboxes, logins, folder }: Ready): string {
  const width = Math.max(...logins.map(({ email }) => email.length));
  return [
    '',
    'Florin is ready.',
    '',
    `  Shop       ${urls.shop}    pay with card 4242 4242 4242 4242`,
    `  Console    ${urls.console}`,
    `  API        ${urls.api}/v1    key ${merchant.secretKey}`,
    `  Acquirers  ${sandboxes.map(({ name, url }) => `${name} ${url}`).join('    ')}`,
    '',
    `  Sign in to the console of ${merchant.name} as`,
    ...logins.map(({ email, password }) => `    ${email.padEnd(width)}    ${password}`),
    '',
    `  Data and logs are in ${relative(process.cwd(), folder) || '.'}. Ctrl-C stops everything.`,
    '',
    '',
  ].join('\n');
}
