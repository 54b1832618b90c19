const uuid7 = '[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
const suspects = new RegExp(`\\b${uuid7}\\b|\\d(?:[\\s-]?\\d){11,}`, 'gi');
/** Most texts hold no twelve digits in groups, and are done with here. */
const mayHide = /\d(?:[\s-]?\d){11}/;
const wholeUuid = new RegExp(`^${uuid7}$`, 'i');

/** The digits of the longest card number. */
const longest = 19;

/**
 * Replaces everything that could be a card number by `[redacted]`: 12 to 19 digits that pass Luhn, plain, spaced or
 * hyphenated, also as a part of a longer row of digit groups; and any 20 digits in a row, where one could hide.
 * Our own ids (UUIDv7) stay readable. This is the second wall: the first is that only listed fields are written.
 *
 * @see PCI DSS 4.0.1, 3.5.1: a card number is unreadable anywhere it is stored, logs included.
 */
export function redact(text: string): string {
  if (!mayHide.test(text)) return text;
  return text.replace(suspects, (found) => (!wholeUuid.test(found) && hidesCardNumber(found) ? '[redacted]' : found));
}

/** True where the text holds anything that `redact` would replace. */
export function isClean(text: string): boolean {
  return redact(text) === text;
}

function hidesCardNumber(row: string): boolean {
  const groups = row.split(/[\s-]/);
  return groups.some((group, first) => group.length > longest || beginsCardNumber(groups, first));
}

/** Looks no further than a card number goes: a row may be as long as a stranger cares to make it. */
function beginsCardNumber(groups: readonly string[], first: number): boolean {
  let digits = '';
  for (let at = first; at < groups.length && digits.length <= longest; at++) {
    digits += groups[at];
    if (digits.length >= 12 && digits.length <= longest && passesLuhn(digits)) return true;
  }
  return false;
}

/** @see ISO/IEC 7812-1, annex B: the check digit of card numbers. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits.at(-1 - place));
    const doubled = place % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
