import { type Brand, brands, codeLength } from './card.ts';
import { write } from './page.ts';
import type { Words } from './words.ts';

/** Shows the brand's mark, says its name to those who do not see it, and where its verification code is printed. */
export function showBrand(brand: Brand | undefined, words: Words): void {
  show('data-brand', brand ?? 'unknown');
  show('data-code', String(codeLength(brand)));
  write('number-brand', brand ? brands[brand].name : '');
  write('cvc-where', words.cvcWhere[codeLength(brand)]);
}

function show(attribute: string, value: string): void {
  for (const mark of document.querySelectorAll(`[${attribute}]`)) {
    mark.toggleAttribute('hidden', mark.getAttribute(attribute) !== value);
  }
}
