// What crosses between the frame and the page that shows it. A card number never does.
import type { Brand } from './card.ts';

export type Field = 'number' | 'expiry' | 'cvc';

export interface Look {
  /** `#rrggbb`: focus ring and caret. The page has checked its contrast. */
  accent?: string;
  /** Corner radius in CSS pixels, 0 to 16. */
  radius?: number;
}

/** From the page to the frame's exact origin, every 100 ms until it is welcomed. */
export interface Hello {
  florin: 'hello';
  nonce: string;
  grant: string;
  locale: string;
  theme: 'light' | 'dark';
  look: Look;
}

/** Over the port, from the page. */
export type Order =
  | { kind: 'submit' | 'lock' | 'unlock' | 'clear_cvc' }
  | { kind: 'focus'; field: Field | undefined }
  | { kind: 'grant'; grant: string };

/** Over the port, to the page. */
export type Report =
  | { kind: 'change'; complete: boolean; brand: Brand | null; errors: Partial<Record<Field, string>> }
  | { kind: 'height'; pixels: number }
  | { kind: 'enter' }
  | { kind: 'token'; token: string; brand: Brand; last4: string }
  | { kind: 'failed'; code: string; message: string };

/** The greeting, or undefined for anything of another shape. */
export function readHello(data: unknown): Hello | undefined {
  if (!isRecord(data) || data.florin !== 'hello') return undefined;
  const { nonce, grant, locale, theme } = data;
  const look = readLook(data.look ?? {});
  if (!isText(nonce, 200) || !isText(grant, 200) || !isText(locale, 40) || !look) return undefined;
  if (theme !== 'light' && theme !== 'dark') return undefined;
  return { florin: 'hello', nonce, grant, locale, theme, look };
}

export function readOrder(data: unknown): Order | undefined {
  if (!isRecord(data)) return undefined;
  switch (data.kind) {
    case 'submit':
    case 'lock':
    case 'unlock':
    case 'clear_cvc':
      return { kind: data.kind };
    case 'focus':
      return data.field === undefined || isField(data.field) ? { kind: 'focus', field: data.field } : undefined;
    case 'grant':
      return isText(data.grant, 200) ? { kind: 'grant', grant: data.grant } : undefined;
    default:
      return undefined;
  }
}

function readLook(data: unknown): Look | undefined {
  if (!isRecord(data)) return undefined;
  const { accent, radius } = data;
  if (accent !== undefined && !(isText(accent, 7) && /^#[0-9a-f]{6}$/i.test(accent))) return undefined;
  if (radius !== undefined && !(typeof radius === 'number' && radius >= 0 && radius <= 16)) return undefined;
  return { ...(accent !== undefined && { accent }), ...(radius !== undefined && { radius }) };
}

export function isField(value: unknown): value is Field {
  return value === 'number' || value === 'expiry' || value === 'cvc';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value !== '' && value.length <= longest;
}
