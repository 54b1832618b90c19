import { brandOf, codeLength, digitsOf, formatNumber, longestOf } from './card.ts';
import { formatExpiry } from './expiry.ts';

/** How one field writes what is typed into it. */
interface Format {
  write(text: string, how: { deleting: boolean }): string;
  /** A digit too many is not let in, instead of pushing the last one out. */
  full(digits: string): boolean;
}

export const numberFormat: Format = {
  write(text) {
    const digits = digitsOf(text);
    return formatNumber(digits.slice(0, longestOf(brandOf(digits))));
  },
  full: (digits) => digits.length > longestOf(brandOf(digits)),
};

export const expiryFormat: Format = {
  write: (text, how) => formatExpiry(text, how),
  full: () => false,
};

/** @param number  The card's digits: their brand says how long the code is, and until it does four digits may be. */
export function codeFormat(number: () => string): Format {
  const longest = () => {
    const brand = brandOf(digitsOf(number()));
    return brand ? codeLength(brand) : 4;
  };
  return {
    write: (text) => digitsOf(text).slice(0, longest()),
    full: (digits) => digits.length > longest(),
  };
}

/**
 * Keeps a field formatted while it is typed into, with the caret where the shopper left it: behind as many digits as
 * before, wherever the separators have moved to.
 */
export function keepFormatted(input: HTMLInputElement, format: Format, changed: () => void): void {
  let before = { text: input.value, caret: 0 };
  input.addEventListener('beforeinput', (event) => {
    stepOverSeparator(input, event.inputType);
    before = { text: input.value, caret: input.selectionStart ?? 0 };
  });
  input.addEventListener('input', (event) => {
    const how = event instanceof InputEvent ? event.inputType : '';
    const raw = input.value;
    const caret = input.selectionStart ?? raw.length;
    if (how === 'insertText' && format.full(digitsOf(raw))) {
      restore(input, before.text, before.caret);
    } else {
      const text = format.write(raw, { deleting: how.startsWith('delete') });
      restore(input, text, caretIn(text, raw, caret));
    }
    changed();
  });
}

/** Backspace behind a separator takes the digit before it: the separator would only come back. */
function stepOverSeparator(input: HTMLInputElement, how: string): void {
  const { selectionStart: caret, selectionEnd, value } = input;
  if (caret === null || caret !== selectionEnd) return;
  if (how === 'deleteContentBackward' && caret < value.length) {
    let to = caret;
    while (to > 0 && !isDigit(value[to - 1])) to--;
    if (to !== caret) input.setSelectionRange(to, to);
  }
  if (how === 'deleteContentForward') {
    let to = caret;
    while (to < value.length && !isDigit(value[to])) to++;
    if (to !== caret) input.setSelectionRange(to, to);
  }
}

function restore(input: HTMLInputElement, text: string, caret: number): void {
  if (input.value !== text) input.value = text;
  if (document.activeElement === input) input.setSelectionRange(caret, caret);
}

/** The place in `text` with as many digits before it as there are before `caret` in `raw`. */
export function caretIn(text: string, raw: string, caret: number): number {
  if (caret >= raw.length) return text.length;
  // A zero that was put in front of the month moves everything behind it.
  const padded = Math.max(0, digitsOf(text).length - digitsOf(raw).length);
  let left = digitsOf(raw.slice(0, caret)).length + padded;
  let at = 0;
  while (at < text.length && left > 0) {
    if (isDigit(text[at])) left--;
    at++;
  }
  return at;
}

function isDigit(char: string | undefined): boolean {
  return char !== undefined && char >= '0' && char <= '9';
}
