import type { PaymentState } from '#server/payments/view.ts';

export const picture = { width: 312, height: 566 };
const main = { x: 0, width: 160 };
const side = { x: 230, width: 82 };
export const nodeHeight = 30;
const row = (place: number) => 2 + place * 76;

/** Where each state is drawn: the way money goes downwards, the ends beside it. Forget one and it does not compile. */
export const places = {
  initiated: { ...main, y: row(0) },
  payment_method_captured: { ...main, y: row(1) },
  tokenized: { ...main, y: row(2) },
  risk_checked: { ...main, y: row(3) },
  authorized: { ...main, y: row(4) },
  capture_pending: { ...main, y: row(5) },
  captured: { ...main, y: row(6) },
  reconciled: { ...main, y: row(7) },
  failed: { ...side, y: row(1.5) },
  voided: { ...side, y: row(4.5) },
  refunded: { ...side, y: row(6.5) },
} as const satisfies Record<PaymentState, { x: number; width: number; y: number }>;

export interface Line {
  path: string;
  /** Where its label starts. */
  label: { x: number; y: number };
}

/** The line from one state to another: straight down, out to the side, or back from it. */
export function lineBetween(from: PaymentState, to: PaymentState): Line {
  const [a, b] = [places[from], places[to]];
  const down = (place: { y: number }) => place.y + nodeHeight;
  if (a.x === b.x) {
    const x = a.x + a.width / 2;
    return { path: `M${x} ${down(a)}V${b.y - 5}`, label: { x: x + 9, y: (down(a) + b.y) / 2 + 4 } };
  }
  const outwards = a.x < b.x;
  // Out and back run beside each other, so that a refund that was taken back shows both of its ways.
  const shift = outwards ? -5 : 6;
  const [fromY, toY] = [a.y + nodeHeight / 2 + shift, b.y + nodeHeight / 2 + shift];
  const start = outwards ? a.x + a.width : a.x;
  const end = outwards ? b.x - 5 : b.x + b.width + 5;
  const middle = (start + end) / 2;
  return {
    path: `M${start} ${fromY}C${middle} ${fromY} ${middle} ${toY} ${end} ${toY}`,
    label: { x: outwards ? start + 8 : start - 62, y: fromY + (toY < fromY ? 14 : -6) },
  };
}
