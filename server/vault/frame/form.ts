import { brandOf, codeFault, codeLength, digitsOf, expiryFault, type Fault, numberFault, readExpiry } from './card.ts';
import { showBrand } from './marks.ts';
import type { Field } from './messages.ts';
import { byId, write } from './page.ts';
import { codeFormat, expiryFormat, keepFormatted, numberFormat } from './typing.ts';
import type { Words } from './words.ts';

const fields: readonly Field[] = ['number', 'expiry', 'cvc'];

/**
 * The three fields and what is wrong with them. A fault is told when the shopper leaves a field, not while typing, and
 * taken back when they type in it again; an empty field is no fault before the card is to be sent.
 */
export function makeForm({ words, changed }: { words: Words; changed: () => void }) {
  const input = { number: field('number'), expiry: field('expiry'), cvc: field('cvc') };
  const told: Partial<Record<Field, string>> = {};
  let spoken = words;

  const number = () => digitsOf(input.number.value);
  const brand = () => brandOf(number());
  const faultOf = (field: Field) =>
    faultIn(field, { number: number(), expiry: input.expiry.value, cvc: input.cvc.value });

  function tell(field: Field, message: string): void {
    if ((told[field] ?? '') === message) return;
    if (message === '') delete told[field];
    else told[field] = message;
    input[field].setAttribute('aria-invalid', String(message !== ''));
    write(`${field}-error`, message);
    if (message !== '') write('live', message);
  }

  function typed(field: Field): void {
    tell(field, '');
    if (field === 'number') {
      showBrand(brand(), spoken);
      // The code of another brand may be a digit too long now.
      input.cvc.value = input.cvc.value.slice(0, brand() ? codeLength(brand()) : 4);
      if (!faultOf('cvc')) tell('cvc', '');
    }
    changed();
  }

  function left(field: Field): void {
    const fault = input[field].value === '' ? undefined : faultOf(field);
    if (fault) tell(field, spoken.faults[fault]);
    changed();
  }

  keepFormatted(input.number, numberFormat, () => typed('number'));
  keepFormatted(input.expiry, expiryFormat, () => typed('expiry'));
  keepFormatted(input.cvc, codeFormat(number), () => typed('cvc'));
  for (const field of fields) input[field].addEventListener('blur', () => left(field));

  return {
    brand,
    told: () => ({ ...told }),
    complete: () => fields.every((field) => !faultOf(field)),
    tell,
    speak(chosen: Words): void {
      spoken = chosen;
      write('legend', spoken.legend);
      for (const field of fields) write(`${field}-label`, spoken[field]);
      showBrand(brand(), spoken);
    },
    /** Tells every fault and leads to the first; true where there is none. */
    check(): boolean {
      for (const field of fields) {
        const fault = faultOf(field);
        if (fault) tell(field, spoken.faults[fault]);
      }
      changed();
      const first = fields.find((field) => told[field]);
      if (first) input[first].focus();
      return !first;
    },
    /** While a payment is under way what was typed stays readable, and nothing can be changed. */
    lock(locked: boolean): void {
      byId('card').setAttribute('aria-busy', String(locked));
      for (const field of fields) input[field].readOnly = locked;
    },
    clearCode(): void {
      input.cvc.value = '';
      tell('cvc', '');
      changed();
    },
    focus: (field: Field | undefined): void => input[field ?? fields.find(faultOf) ?? 'number'].focus(),
    values() {
      const { month, year } = readExpiry(input.expiry.value) ?? { month: 0, year: 0 };
      return { number: number(), exp_month: month, exp_year: year, cvc: input.cvc.value };
    },
  };
}

function field(id: Field): HTMLInputElement {
  return byId<HTMLInputElement>(id);
}

function faultIn(field: Field, { number, expiry, cvc }: Record<Field, string>): Fault | undefined {
  if (field === 'number') return numberFault(number);
  if (field === 'cvc') return codeFault(cvc, brandOf(number));
  if (expiry === '') return 'expiry_missing';
  const date = readExpiry(expiry);
  return date ? expiryFault(date, new Date()) : 'expiry_incomplete';
}
