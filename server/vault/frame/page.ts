export function byId<E extends HTMLElement = HTMLElement>(id: string): E {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the frame has no #${id}`);
  return found as E;
}

/** Text, never markup: this page has no way to write markup at all (Trusted Types). */
export function write(id: string, text: string): void {
  byId(id).textContent = text;
}

/** Tells how high the page around should make the frame, now and whenever that changes. */
export function watchHeight(told: (pixels: number) => void): void {
  const form = byId('card');
  new ResizeObserver(() => told(Math.ceil(form.getBoundingClientRect().height))).observe(form);
}
