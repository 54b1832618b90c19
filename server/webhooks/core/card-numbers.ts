import { isClean } from '#server/observability/redact.ts';

const uuid = '\\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\\b';

/**
 * What may stand between two groups of digits: anything that is no letter, no digit, and does not part one value from
 * the next; also escaped, as JSON and forms have it. A character of several bytes counts as several.
 */
const between = '(?:\\\\u(?!003\\d)[0-9a-f]{4}|\\\\[nrtbf/]|%(?!3\\d)[0-9a-f]{2}|[^0-9a-z"\',:[\\]{}\\\\%])';

const suspects = new RegExp(`${uuid}|\\d(?:${between}{0,8}\\d){11,}`, 'gi');
const betweens = new RegExp(`${between}+`, 'gi');

/**
 * Blacks out what could be a card number, as logs do, whatever parts its groups: dots, low lines, spaces of any kind,
 * dashes. Takes text, or bytes as latin1.
 *
 * @see PCI DSS v4.0.1, 3.5.1: nobody can keep a stranger from sending us one.
 */
export function withoutCardNumbers(text: string): string {
  return text.replace(suspects, (found) => (isClean(found.replace(betweens, '-')) ? found : '[redacted]'));
}
