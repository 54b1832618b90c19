// Ids and amounts as people see them, written here a second time: the judge imports nothing of what it judges.

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const places = 22;
const prefixes = {
  intent: 'pi',
  payment: 'ch',
  refund: 're',
  operation: 'op',
  escalation: 'esc',
  event: 'evt',
  session: 'cs',
  order: 'ord',
  merchant: 'acct',
  posting: 'txn',
} as const;

/** A uuid as a prefix and 22 digits of base 62. */
export function shown(kind: keyof typeof prefixes, uuid: string): string {
  let rest = BigInt(`0x${uuid.replaceAll('-', '')}`);
  let text = '';
  for (let place = 0; place < places; place++) {
    text = digits.charAt(Number(rest % 62n)) + text;
    rest /= 62n;
  }
  return `${prefixes[kind]}_${text}`;
}

/** The uuid behind a shown id; undefined where the text is no id of that kind. */
export function uuidOf(kind: keyof typeof prefixes, text: string): string | undefined {
  const [prefix, number = ''] = text.split('_');
  if (prefix !== prefixes[kind] || number.length !== places) return undefined;
  let value = 0n;
  for (const digit of number) {
    const worth = digits.indexOf(digit);
    if (worth < 0) return undefined;
    value = value * 62n + BigInt(worth);
  }
  const hex = value.toString(16).padStart(32, '0');
  return hex.length > 32 ? undefined : hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/**
 * Money as `12.50 EUR`.
 *
 * @param minor  Minor units, as PostgreSQL writes them; null is no amount.
 */
export function money(minor: string | number | null, currency: string): string {
  if (minor === null) return 'nothing';
  const decimals = decimalsOf(currency);
  const negative = String(minor).startsWith('-');
  const text = String(minor)
    .replace('-', '')
    .padStart(decimals + 1, '0');
  const whole = text.slice(0, text.length - decimals);
  const part = decimals > 0 ? `.${text.slice(-decimals)}` : '';
  return `${negative ? '-' : ''}${whole}${part} ${currency}`;
}

/** ISO 4217, column "minor unit", as the runtime knows it. */
function decimalsOf(currency: string): number {
  if (!/^[A-Z]{3}$/.test(currency)) return 0;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}
