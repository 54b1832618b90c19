const format = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' });

/** "€12.50" of 1250 cents, exact. */
export function euros(cents: number): string {
  const text = String(cents).padStart(3, '0');
  return format.format(`${text.slice(0, -2)}.${text.slice(-2)}` as Intl.StringNumericLiteral);
}
